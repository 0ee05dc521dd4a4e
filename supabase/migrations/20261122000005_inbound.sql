-- Webhook sources, the inbox of their verified events, what was learnt from them, and the one function that writes
-- what an event means: document log, inbox state, watermarks, links, history and audit together or not at all.
create table wedsync.sources (
  id text primary key check (id ~ '^src_[A-Za-z0-9_-]{22}$'),
  list_id text not null references public.lists on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  provider text not null,
  -- Whether the weaker form with the signature inside the body is accepted too.
  body_signature boolean not null default false,
  -- Values stored longer than this before an event count as known to the source (DOCUMENT rule 9).
  settle_ms bigint not null check (settle_ms >= 0),
  state text not null default 'active' check (state in ('active', 'paused', 'deleted')),
  created_by text not null,
  created_at timestamptz not null default now(),
  last_event_at timestamptz
);
create index sources_list on wedsync.sources (list_id);

-- Encrypted by the relay (AES-256-GCM); the database never sees a secret.
create table wedsync.source_secrets (
  id text primary key,
  source_id text not null references wedsync.sources on delete cascade,
  sealed text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz
);
create index source_secrets_source on wedsync.source_secrets (source_id, created_at);

create table wedsync.inbox (
  id bigint generated always as identity primary key,
  source_id text not null references wedsync.sources on delete cascade,
  list_id text not null,
  event_id text not null,
  -- What stamps are made from. The event id, or without one the hash of the body: a repeat after the ten minutes in
  -- which it counts as the same delivery has the same stamps and changes nothing.
  event_key text not null,
  body bytea not null,
  event text not null default '',
  -- Events of one source and key are applied in order of arrival.
  order_key text not null default '',
  received_at timestamptz not null default clock_timestamp(),
  state text not null check (state in ('waiting', 'applied', 'ignored', 'quarantined', 'failed')),
  reason text,
  record_id text,
  fields text[] not null default '{}',
  duplicates int not null default 0,
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  lease_token text,
  lease_until timestamptz,
  finished_at timestamptz,
  unique (source_id, event_id)
);
create index inbox_waiting on wedsync.inbox (id) where state = 'waiting';
create index inbox_order on wedsync.inbox (source_id, order_key, id) where state = 'waiting';
create index inbox_source on wedsync.inbox (source_id, id);
create index inbox_key on wedsync.inbox (source_id, event_key, id);

create table wedsync.integration_links (
  source_id text not null references wedsync.sources on delete cascade,
  external_id text not null,
  list_id text not null,
  record_id text not null,
  created_at timestamptz not null default now(),
  primary key (source_id, external_id)
);
create index integration_links_record on wedsync.integration_links (list_id, record_id);

-- Highest stamp of a source dealt with, per record and field ('#deleted' for deletions).
create table wedsync.watermarks (
  source_id text not null references wedsync.sources on delete cascade,
  record_id text not null,
  field text not null,
  hlc bigint not null,
  primary key (record_id, source_id, field)
);

alter table wedsync.sources enable row level security;
alter table wedsync.source_secrets enable row level security;
alter table wedsync.inbox enable row level security;
alter table wedsync.integration_links enable row level security;
alter table wedsync.watermarks enable row level security;

create function wedsync.ms(p_at timestamptz) returns bigint language sql immutable set search_path = '' as
$$ select floor(extract(epoch from p_at) * 1000)::bigint $$;

create function wedsync.source_json(s wedsync.sources) returns json language sql stable set search_path = '' as $$
  select json_build_object('id', s.id, 'listId', s.list_id, 'name', s.name, 'provider', s.provider,
    'bodySignature', s.body_signature, 'settleMs', s.settle_ms, 'state', s.state,
    'createdAt', wedsync.ms(s.created_at), 'lastEventAt', wedsync.ms(s.last_event_at))
$$;

-- Sources --------------------------------------------------------------------------------------------------------

-- 'ok', or 'no-list'.
create function public.ws_source_create(p_id text, p_list text, p_name text, p_provider text, p_body_signature text,
  p_settle_ms text, p_by text, p_secret_id text, p_sealed text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.lists where id = p_list and archived_at is null) then return 'no-list'; end if;
  insert into wedsync.sources (id, list_id, name, provider, body_signature, settle_ms, created_by)
  values (p_id, p_list, p_name, p_provider, p_body_signature = 'true', p_settle_ms::bigint, p_by);
  insert into wedsync.source_secrets (id, source_id, sealed) values (p_secret_id, p_id, p_sealed);
  perform wedsync.audit(json_build_array(json_build_object('listId', p_list, 'actor', p_by, 'action', 'source.create',
    'outcome', 'done', 'sourceId', p_id)));
  return 'ok';
end $$;

-- One source that is not deleted, with its sealed secrets that still work, newest first; '' when there is none.
create function public.ws_source_get(p_id text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_object('source', wedsync.source_json(s), 'secrets',
      (select coalesce(json_agg(json_build_object('id', k.id, 'sealed', k.sealed) order by k.created_at desc), '[]')
         from wedsync.source_secrets k
        where k.source_id = s.id and (k.expires_at is null or k.expires_at > now())))::text
    from wedsync.sources s where s.id = p_id and s.state <> 'deleted'), '')
$$;

-- Sources of a list, or with '' of all lists.
create function public.ws_sources(p_list text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(wedsync.source_json(s) order by s.created_at), '[]')::text
    from wedsync.sources s where (p_list = '' or s.list_id = p_list) and s.state <> 'deleted'
$$;

-- A new secret beside the newest one, which goes on working for p_overlap_ms; older ones end now. 'ok' or 'not-found'.
create function public.ws_source_rotate(p_id text, p_secret_id text, p_sealed text, p_overlap_ms text, p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  s wedsync.sources;
  v_newest text;
begin
  select * into s from wedsync.sources where id = p_id and state <> 'deleted' for update;
  if not found then return 'not-found'; end if;
  select id into v_newest from wedsync.source_secrets where source_id = p_id order by created_at desc limit 1;
  delete from wedsync.source_secrets where source_id = p_id and id <> v_newest;
  update wedsync.source_secrets set expires_at = clock_timestamp() + (p_overlap_ms || ' milliseconds')::interval
   where id = v_newest;
  insert into wedsync.source_secrets (id, source_id, sealed) values (p_secret_id, p_id, p_sealed);
  perform wedsync.audit(json_build_array(json_build_object('listId', s.list_id, 'actor', p_by,
    'action', 'source.rotate', 'outcome', 'done', 'sourceId', p_id)));
  return 'ok';
end $$;

-- active, paused (accepts and holds) or deleted (an unknown source from then on, its secrets gone). 'ok' or 'not-found'.
create function public.ws_source_state(p_id text, p_state text, p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_list text;
begin
  update wedsync.sources set state = p_state where id = p_id and state <> 'deleted' returning list_id into v_list;
  if not found then return 'not-found'; end if;
  if p_state = 'deleted' then delete from wedsync.source_secrets where source_id = p_id; end if;
  perform wedsync.audit(json_build_array(json_build_object('listId', v_list, 'actor', p_by,
    'action', 'source.' || p_state, 'outcome', 'done', 'sourceId', p_id)));
  return 'ok';
end $$;

-- Inbox ----------------------------------------------------------------------------------------------------------

-- Stores verified events, one per array position; answers [[id, 'stored' | 'duplicate' | 'full' | 'unknown']…] in
-- order. Without an event id the same body within ten minutes is the same event. p_limit bounds what may wait in all.
create function public.ws_inbox_put(p_sources text[], p_event_ids text[], p_hashes text[], p_bodies text[],
  p_events text[], p_order_keys text[], p_states text[], p_reasons text[], p_secret_ids text[], p_limit text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  v_ids text[];
  v_new bigint[];
  v_full boolean;
  answer text;
begin
  if '' = any (p_event_ids) then
    -- Two relays must not both find no earlier body.
    perform pg_catalog.pg_advisory_xact_lock(7031101);
  end if;
  select array_agg(case when a.event_id <> '' then a.event_id else coalesce(
      (select i.event_id from wedsync.inbox i where i.source_id = a.source_id and i.event_key = 'body:' || a.hash
          and i.received_at > v_now - interval '10 minutes' order by i.id desc limit 1),
      'body:' || a.hash || ':' || wedsync.ms(v_now)) end order by a.ord)
    into v_ids from unnest(p_sources, p_event_ids, p_hashes) with ordinality as a(source_id, event_id, hash, ord);
  select count(*) >= p_limit::bigint into v_full
    from (select 1 from wedsync.inbox where state = 'waiting' limit p_limit::bigint) w;

  with arrived as (
    select * from unnest(p_sources, v_ids, p_event_ids, p_hashes, p_bodies, p_events, p_order_keys, p_states, p_reasons)
      with ordinality as a(source_id, event_id, given_id, hash, body, event, order_key, state, reason, ord)
  ), added as (
    insert into wedsync.inbox (source_id, list_id, event_id, event_key, body, event, order_key, received_at, state,
           reason, finished_at)
    select a.source_id, s.list_id, a.event_id, case when a.given_id = '' then 'body:' || a.hash else a.given_id end,
           decode(a.body, 'base64'), a.event, a.order_key, v_now, a.state, nullif(a.reason, ''),
           case when a.state = 'waiting' then null else v_now end
      from arrived a join wedsync.sources s on s.id = a.source_id and s.state <> 'deleted'
     where not v_full order by a.ord
    on conflict (source_id, event_id) do nothing
    returning id
  ) select coalesce(array_agg(id), '{}') into v_new from added;

  with told as (
    select a.ord, a.source_id, s.list_id, i.id, i.state, i.reason,
           case when s.id is null then 'unknown'
                when i.id is null then 'full'
                when i.id = any (v_new) and row_number() over (partition by i.id order by a.ord) = 1 then 'stored'
                else 'duplicate' end as outcome
      from unnest(p_sources, v_ids) with ordinality as a(source_id, event_id, ord)
      left join wedsync.sources s on s.id = a.source_id and s.state <> 'deleted'
      left join wedsync.inbox i on i.source_id = s.id and i.event_id = a.event_id
  ), counted as (
    update wedsync.inbox i set duplicates = i.duplicates + t.n
      from (select id, count(*)::int as n from told where outcome = 'duplicate' group by id) t where i.id = t.id
  ), logged as (
    select wedsync.audit(coalesce(json_agg(json_build_object('listId', t.list_id, 'actor', 'source:' || t.source_id,
        'action', 'webhook', 'sourceId', t.source_id, 'deliveryId', t.id, 'count', t.n,
        'outcome', case when t.outcome = 'stored' and t.state = 'quarantined' then 'quarantined'
                        when t.outcome = 'stored' then 'accepted'
                        when t.outcome = 'full' then 'refused' else t.outcome end,
        'reason', case t.outcome when 'stored' then t.reason when 'full' then 'inbox-full' end)), '[]'))
      from (select list_id, source_id, id, state, reason, outcome, count(*) as n from told
             where outcome <> 'unknown' group by list_id, source_id, id, state, reason, outcome
             order by min(ord)) t
  )
  select json_agg(json_build_array(t.id, t.outcome) order by t.ord)::text into answer from told t, logged;

  update wedsync.sources set last_event_at = v_now where id = any (p_sources);
  update wedsync.source_secrets set last_used_at = v_now
   where id = any (p_secret_ids) and (last_used_at is null or last_used_at < v_now - interval '1 minute');
  return coalesce(answer, '[]');
end $$;

-- Takes up to p_limit events of active sources for p_lease_ms, oldest first. An event waits while an earlier one of
-- its source and order key is with another worker or waits for its next attempt.
create function public.ws_inbox_claim(p_limit text, p_lease_ms text, p_token text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  answer text;
begin
  -- One claim at a time: what another one is about to take must be visible as taken.
  perform pg_catalog.pg_advisory_xact_lock(7031102);
  with free as (
    select i.id from wedsync.inbox i join wedsync.sources s on s.id = i.source_id
     where i.state = 'waiting' and s.state = 'active' and i.next_at <= v_now
       and (i.lease_until is null or i.lease_until < v_now)
       and not exists (select 1 from wedsync.inbox e where e.source_id = i.source_id and e.order_key = i.order_key
         and e.id < i.id and e.state = 'waiting' and (e.lease_until >= v_now or e.next_at > v_now))
     order by i.id limit p_limit::int for update of i skip locked
  ), taken as (
    update wedsync.inbox i set lease_token = p_token,
           lease_until = v_now + (p_lease_ms || ' milliseconds')::interval, attempts = i.attempts + 1
      from free where i.id = free.id returning i.*
  )
  select json_agg(json_build_object('id', t.id, 'sourceId', t.source_id, 'listId', t.list_id, 'eventKey', t.event_key,
      'body', wedsync.to_base64(t.body), 'receivedAt', wedsync.ms(t.received_at), 'attempts', t.attempts,
      'provider', s.provider, 'sourceName', s.name, 'settleMs', s.settle_ms) order by t.id)::text
    into answer from taken t join wedsync.sources s on s.id = t.source_id;
  return coalesce(answer, '[]');
end $$;

-- When the next waiting event may be taken, in ms from now; '' when none waits.
create function public.ws_inbox_due() returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select greatest(0, wedsync.ms(min(greatest(i.next_at, coalesce(i.lease_until, i.next_at))))
      - wedsync.ms(clock_timestamp()))::text
    from wedsync.inbox i join wedsync.sources s on s.id = i.source_id and s.state = 'active'
   where i.state = 'waiting'), '')
$$;

-- Gives claimed events back without a write to a document: [{id, state, reason, retryMs, event}…]. 'waiting' is tried
-- again after retryMs. Answers how many were still this worker's.
create function public.ws_inbox_finish(p_token text, p_results text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_count int;
begin
  with results as (
    select * from json_to_recordset(p_results::json) as r(id bigint, state text, reason text, "retryMs" bigint, event text)
  ), done as (
    update wedsync.inbox i set state = r.state, reason = r.reason, lease_token = null, lease_until = null,
           event = coalesce(r.event, i.event),
           next_at = clock_timestamp() + (coalesce(r."retryMs", 0) || ' milliseconds')::interval,
           finished_at = case when r.state = 'waiting' then null else clock_timestamp() end
      from results r where i.id = r.id and i.state = 'waiting' and i.lease_token = p_token
    returning i.id, i.list_id, i.source_id, i.state, i.reason
  ), logged as (
    select wedsync.audit(coalesce(json_agg(json_build_object('listId', d.list_id, 'actor', 'source:' || d.source_id,
        'action', 'webhook', 'sourceId', d.source_id, 'deliveryId', d.id, 'outcome', d.state, 'reason', d.reason))
        filter (where d.state <> 'waiting'), '[]'))
      from done d
  )
  select count(*) into v_count from done, logged;
  return v_count::text;
end $$;

-- Newest deliveries of a source.
create function public.ws_deliveries(p_source text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', i.id, 'receivedAt', wedsync.ms(i.received_at), 'event', i.event,
      'state', i.state, 'reason', i.reason, 'recordId', i.record_id, 'fields', i.fields, 'duplicates', i.duplicates)
      order by i.id desc), '[]')::text
    from (select * from wedsync.inbox where source_id = p_source order by id desc limit p_limit::int) i
$$;

-- The source of a delivery, '' when there is none.
create function public.ws_delivery_source(p_id text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select source_id from wedsync.inbox where id = p_id::bigint), '')
$$;

-- Puts an event that was not applied back into the queue. 'ok', 'applied', 'waiting' or 'not-found'.
create function public.ws_delivery_replay(p_id text, p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare i wedsync.inbox;
begin
  select * into i from wedsync.inbox where id = p_id::bigint for update;
  if not found then return 'not-found'; end if;
  if i.state in ('applied', 'waiting') then return i.state; end if;
  update wedsync.inbox set state = 'waiting', reason = null, attempts = 0, next_at = clock_timestamp(),
         finished_at = null where id = i.id;
  perform wedsync.audit(json_build_array(json_build_object('listId', i.list_id, 'actor', p_by,
    'action', 'delivery.replay', 'outcome', 'done', 'sourceId', i.source_id, 'deliveryId', i.id)));
  return 'ok';
end $$;

-- Applying -------------------------------------------------------------------------------------------------------

-- What rule 9 asks: links of the external ids, and for the linked and the candidate records the source's watermarks
-- and when the values that stand there were first stored.
create function public.ws_apply_context(p_source text, p_list text, p_external text[], p_candidates text[]) returns text
language plpgsql stable security definer set search_path = '' as $$
declare answer text;
begin
  with links as (
    select external_id, record_id from wedsync.integration_links
     where source_id = p_source and external_id = any (p_external)
  ), records as (
    select record_id from links union select unnest(p_candidates)
  )
  select json_build_object(
    'links', (select coalesce(json_object_agg(external_id, record_id), '{}') from links),
    'watermarks', (select coalesce(json_agg(json_build_array(w.record_id, w.field, w.hlc)), '[]')
       from wedsync.watermarks w join records using (record_id) where w.source_id = p_source),
    'stored', (select coalesce(json_agg(json_build_array(h.record_id, h.field, h.hlc, h.actor, wedsync.ms(h.stored_at))), '[]')
       from wedsync.field_history h join records using (record_id)
      where h.list_id = p_list and h.replaced_at is null))::text into answer;
  return answer;
end $$;

-- Rows of the field history: [{recordId, field, hlc, actor, value, sender, storedAt, replacedAt, base, scrub}…].
-- A creation stands as one row with field '*' and all its values; `base` marks the end of one of them, which gets a
-- row of its own. `scrub` takes the record's values out (purge, privacy). Repeats change nothing.
create function wedsync.put_history(p_list text, p_history json) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into wedsync.field_history (list_id, record_id, field, hlc, actor, value, sender, stored_at)
  select p_list, h."recordId", h.field, h.hlc, h.actor, h.value, h.sender, to_timestamp(h."storedAt" / 1000.0)
    from json_to_recordset(p_history) as h("recordId" text, field text, hlc bigint, actor bigint, value text,
         sender text, "storedAt" double precision, "replacedAt" double precision)
   where h."replacedAt" is null and h.hlc is not null
  on conflict (list_id, record_id, field, hlc, actor) do nothing;

  insert into wedsync.field_history (list_id, record_id, field, hlc, actor, value, sender, stored_at, replaced_at)
  select p_list, h."recordId", h.field, h.hlc, h.actor, h.value, coalesce(b.sender, h.sender),
         coalesce(b.stored_at, to_timestamp(h."replacedAt" / 1000.0)), to_timestamp(h."replacedAt" / 1000.0)
    from json_to_recordset(p_history) as h("recordId" text, field text, hlc bigint, actor bigint, value text,
         sender text, "replacedAt" double precision, base boolean)
    left join wedsync.field_history b on b.list_id = p_list and b.record_id = h."recordId" and b.field = '*'
     and b.hlc = h.hlc and b.actor = h.actor
   where h."replacedAt" is not null and h.base
  on conflict (list_id, record_id, field, hlc, actor)
    do update set replaced_at = coalesce(field_history.replaced_at, excluded.replaced_at);

  update wedsync.field_history f set replaced_at = to_timestamp(h."replacedAt" / 1000.0)
    from json_to_recordset(p_history) as h("recordId" text, field text, hlc bigint, actor bigint,
         "replacedAt" double precision, base boolean)
   where h."replacedAt" is not null and h.base is not true and f.list_id = p_list and f.record_id = h."recordId"
     and f.field = h.field and f.hlc = h.hlc and f.actor = h.actor and f.replaced_at is null;

  update wedsync.field_history f set value = null
    from json_to_recordset(p_history) as h("recordId" text, scrub boolean)
   where h.scrub and f.list_id = p_list and f.record_id = h."recordId" and f.field <> '#deleted' and f.value is not null;
end $$;

-- Writes what events mean, or what the relay itself writes, all or nothing. Compares and swaps the writer's clock, so
-- that one Yjs client id never writes two things under one clock, and lets nothing through whose lease is lost.
-- p_results: [{id, state, reason, event, recordId, fields, externalId, watermarks}…], p_data '' when no value changes.
-- {"ok":true,"seq","storedAt"}, or {"ok":false,"code"} with code clock, lease or gone.
create function public.ws_apply(p_doc text, p_lineage text, p_clock text, p_next_clock text, p_data text, p_crc text,
  p_sender text, p_source text, p_token text, p_results text, p_history text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  d wedsync.documents;
  v_results json := p_results::json;
  v_now timestamptz;
  v_seq bigint;
  v_held int;
begin
  select * into d from wedsync.documents where doc_id = p_doc for update;
  if not found then return '{"ok":false,"code":"gone"}'; end if;
  if d.lineage <> p_lineage or d.writer_clock <> p_clock::bigint then return '{"ok":false,"code":"clock"}'; end if;
  select count(*) into v_held from (
    select 1 from wedsync.inbox i join json_to_recordset(v_results) as r(id bigint) on r.id = i.id
     where i.state = 'waiting' and i.lease_token = p_token order by i.id for update of i) held;
  if v_held <> json_array_length(v_results) then return '{"ok":false,"code":"lease"}'; end if;
  v_now := clock_timestamp();

  if p_data <> '' then
    v_seq := d.head + 1;
    insert into wedsync.document_updates (doc_id, seq, data, crc, sender, stored_at)
    values (p_doc, v_seq, decode(p_data, 'base64'), p_crc::bigint, p_sender, v_now);
    update wedsync.documents set head = v_seq, writer_clock = p_next_clock::bigint where doc_id = p_doc;
    perform wedsync.put_history(d.list_id, (
      select coalesce(json_agg(jsonb_set(jsonb_set(h.row, '{storedAt}', to_jsonb(wedsync.ms(v_now))), '{replacedAt}',
        case when h.row ? 'replacedAt' then to_jsonb(wedsync.ms(v_now)) else 'null' end)), '[]')
        from jsonb_array_elements(p_history::jsonb) as h(row)));
  end if;

  update wedsync.inbox i set state = r.state, reason = r.reason, event = coalesce(r.event, i.event),
         record_id = r."recordId",
         fields = coalesce((select array_agg(f.name) from json_array_elements_text(r.fields) as f(name)), '{}'),
         lease_token = null, lease_until = null, finished_at = v_now
    from json_to_recordset(v_results) as r(id bigint, state text, reason text, event text, "recordId" text, fields json)
   where i.id = r.id;
  insert into wedsync.integration_links (source_id, external_id, list_id, record_id)
  select distinct p_source, r."externalId", d.list_id, r."recordId"
    from json_to_recordset(v_results) as r("externalId" text, "recordId" text)
   where r."externalId" is not null and r."recordId" is not null
  on conflict (source_id, external_id) do nothing;
  insert into wedsync.watermarks (source_id, record_id, field, hlc)
  select p_source, r."recordId", w.key, max(w.value::bigint)
    from json_to_recordset(v_results) as r("recordId" text, watermarks json), json_each_text(r.watermarks) as w
   group by r."recordId", w.key
  on conflict (record_id, source_id, field) do update set hlc = greatest(watermarks.hlc, excluded.hlc);
  perform wedsync.audit((select coalesce(json_agg(json_build_object('listId', d.list_id, 'actor', p_sender,
      'action', 'webhook', 'outcome', r.state, 'reason', r.reason, 'recordId', r."recordId", 'fields', r.fields,
      'sourceId', p_source, 'deliveryId', r.id)), '[]')
    from json_to_recordset(v_results) as r(id bigint, state text, reason text, "recordId" text, fields json)));
  return json_build_object('ok', true, 'seq', v_seq, 'storedAt', wedsync.ms(v_now))::text;
end $$;
