-- Sources of many providers: their settings, credentials and where reading stands; merges and erasure; what the
-- delivery log shows.
alter table wedsync.sources add column settings jsonb not null default '{}';

-- What a source needs to read from its provider. `sealed` is encrypted by the relay. `state` is the reader's own:
-- cursor, channel, hashes. The lease lets one relay read at a time.
create table wedsync.source_accounts (
  source_id text primary key references wedsync.sources on delete cascade,
  sealed text,
  state jsonb not null default '{}',
  next_at timestamptz not null default now(),
  lease_token text,
  lease_until timestamptz,
  -- Since when it does not work, and why: a code of the relay's.
  failing_since timestamptz,
  problem text
);
create index source_accounts_due on wedsync.source_accounts (next_at);

-- Which mapped paths a source's events had. A path that was there and is missing now is told to a person.
create table wedsync.source_paths (
  source_id text not null references wedsync.sources on delete cascade,
  event text not null,
  path text not null,
  seen_at timestamptz not null default now(),
  missing int not null default 0,
  primary key (source_id, event, path)
);
alter table wedsync.source_accounts enable row level security;
alter table wedsync.source_paths enable row level security;

create or replace function wedsync.source_json(s wedsync.sources) returns json language sql stable set search_path = '' as $$
  select json_build_object('id', s.id, 'listId', s.list_id, 'name', s.name, 'provider', s.provider,
    'bodySignature', s.body_signature, 'settleMs', s.settle_ms, 'state', s.state, 'settings', s.settings,
    'createdAt', wedsync.ms(s.created_at), 'lastEventAt', wedsync.ms(s.last_event_at),
    'account', (select json_build_object('connected', a.sealed is not null, 'failingSince', wedsync.ms(a.failing_since),
       'problem', a.problem, 'channels', a.state -> 'channels', 'job', a.state -> 'job')
       from wedsync.source_accounts a where a.source_id = s.id),
    'vanished', (select coalesce(json_agg(distinct p.path), '[]') from wedsync.source_paths p
       where p.source_id = s.id and p.missing >= 3))
$$;

-- 'ok' or 'not-found'. New settings start with a clean record of what is missing.
create function public.ws_source_settings(p_id text, p_settings text, p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_list text;
begin
  update wedsync.sources set settings = p_settings::jsonb where id = p_id and state <> 'deleted' returning list_id into v_list;
  if not found then return 'not-found'; end if;
  delete from wedsync.source_paths where source_id = p_id;
  perform wedsync.audit(json_build_array(json_build_object('listId', v_list, 'actor', p_by,
    'action', 'source.settings', 'outcome', 'done', 'sourceId', p_id)));
  return 'ok';
end $$;

-- A path that events of this name had before counts up while it is missing; one that was never there says nothing.
create function public.ws_source_paths(p_source text, p_event text, p_seen text[], p_missing text[]) returns text
language plpgsql security definer set search_path = '' as $$
begin
  insert into wedsync.source_paths (source_id, event, path) select p_source, p_event, unnest(p_seen)
  on conflict (source_id, event, path) do update set seen_at = now(), missing = 0;
  update wedsync.source_paths set missing = missing + 1
   where source_id = p_source and event = p_event and path = any (p_missing);
  return 'ok';
end $$;

-- Reading from providers ------------------------------------------------------------------------------------------

-- Stores sealed credentials ('' takes them away) and has the source read at once. 'ok' or 'not-found'.
create function public.ws_account_put(p_source text, p_sealed text, p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_list text;
begin
  select list_id into v_list from wedsync.sources where id = p_source and state <> 'deleted';
  if not found then return 'not-found'; end if;
  insert into wedsync.source_accounts (source_id, sealed) values (p_source, nullif(p_sealed, ''))
  on conflict (source_id) do update set sealed = excluded.sealed, next_at = now(), failing_since = null, problem = null,
    lease_until = null;
  perform wedsync.audit(json_build_array(json_build_object('listId', v_list, 'actor', p_by, 'action',
    case when p_sealed = '' then 'source.disconnect' else 'source.connect' end, 'outcome', 'done', 'sourceId', p_source)));
  return 'ok';
end $$;

-- {sealed, state} of one account; '' when there is none.
create function public.ws_account_get(p_source text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_object('sealed', a.sealed, 'state', a.state)::text
    from wedsync.source_accounts a where a.source_id = p_source and a.sealed is not null), '')
$$;

-- Takes up to p_limit accounts that are due, or with p_source that one now, for p_lease_ms.
create function public.ws_account_claim(p_source text, p_limit text, p_lease_ms text, p_token text) returns text
language plpgsql security definer set search_path = '' as $$
declare answer text;
begin
  with due as (
    select a.source_id from wedsync.source_accounts a join wedsync.sources s on s.id = a.source_id and s.state = 'active'
     where a.sealed is not null and (a.lease_until is null or a.lease_until < clock_timestamp())
       and case when p_source = '' then a.next_at <= clock_timestamp() else a.source_id = p_source end
     order by a.next_at limit p_limit::int for update of a skip locked
  ), taken as (
    update wedsync.source_accounts a set lease_token = p_token,
           lease_until = clock_timestamp() + (p_lease_ms || ' milliseconds')::interval
      from due where a.source_id = due.source_id returning a.*
  )
  select json_agg(json_build_object('sourceId', t.source_id, 'sealed', t.sealed, 'state', t.state))::text into answer from taken t;
  return coalesce(answer, '[]');
end $$;

-- Keeps what a reader got to while it holds the lease; p_next_ms '' keeps the lease, else it ends. p_problem '' is
-- success. A failure that begins is audited, and so is its end. 'ok' or 'lost'.
create function public.ws_account_save(p_source text, p_token text, p_state text, p_next_ms text, p_problem text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  a wedsync.source_accounts;
  v_list text;
begin
  select * into a from wedsync.source_accounts where source_id = p_source and lease_token = p_token for update;
  if not found then return 'lost'; end if;
  update wedsync.source_accounts set state = p_state::jsonb,
         next_at = case when p_next_ms = '' then next_at else clock_timestamp() + (p_next_ms || ' milliseconds')::interval end,
         lease_token = case when p_next_ms = '' then lease_token end,
         lease_until = case when p_next_ms = '' then clock_timestamp() + interval '60 seconds' end,
         problem = case when p_next_ms = '' then problem else nullif(p_problem, '') end,
         failing_since = case when p_next_ms = '' then failing_since when p_problem = '' then null
                              else coalesce(failing_since, clock_timestamp()) end
   where source_id = p_source;
  if p_next_ms <> '' and (a.problem is null) <> (p_problem = '') then
    select list_id into v_list from wedsync.sources where id = p_source;
    perform wedsync.audit(json_build_array(json_build_object('listId', v_list, 'actor', 'source:' || p_source,
      'action', 'source.read', 'outcome', case when p_problem = '' then 'done' else 'failed' end,
      'reason', nullif(p_problem, ''), 'sourceId', p_source)));
  end if;
  return 'ok';
end $$;

-- Deliveries ------------------------------------------------------------------------------------------------------

-- Newest deliveries of a source before p_before ('' for all), of one state ('' for any), with p_text in their event,
-- reason or fields.
create function public.ws_deliveries_search(p_source text, p_text text, p_state text, p_before text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', i.id, 'receivedAt', wedsync.ms(i.received_at), 'event', i.event,
      'state', i.state, 'reason', i.reason, 'recordId', i.record_id, 'fields', i.fields, 'duplicates', i.duplicates)
      order by i.id desc), '[]')::text
    from (select * from wedsync.inbox n where n.source_id = p_source
             and (p_state = '' or n.state = p_state) and (p_before = '' or n.id < p_before::bigint)
             and (p_text = '' or position(lower(p_text) in
                  lower(concat_ws(' ', n.event, n.reason, array_to_string(n.fields, ' '), n.record_id))) > 0)
           order by n.id desc limit p_limit::int) i
$$;

-- What does not go by itself, of a whole list: quarantined and failed, newest first.
create function public.ws_deliveries_stuck(p_list text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', i.id, 'receivedAt', wedsync.ms(i.received_at), 'event', i.event,
      'state', i.state, 'reason', i.reason, 'recordId', i.record_id, 'fields', i.fields, 'duplicates', i.duplicates,
      'sourceId', i.source_id) order by i.id desc), '[]')::text
    from (select n.* from wedsync.inbox n join wedsync.sources s on s.id = n.source_id and s.state <> 'deleted'
           where n.list_id = p_list and n.state in ('quarantined', 'failed') order by n.id desc limit p_limit::int) i
$$;

-- One delivery with its body as base64; '' when there is none.
create function public.ws_delivery_get(p_id text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_object('sourceId', i.source_id, 'event', i.event, 'receivedAt', wedsync.ms(i.received_at),
    'body', wedsync.to_base64(i.body))::text from wedsync.inbox i where i.id = p_id::bigint), '')
$$;

-- The newest bodies of a source: [[id, event, receivedAt, base64]…].
create function public.ws_delivery_bodies(p_source text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_array(i.id, i.event, wedsync.ms(i.received_at), wedsync.to_base64(i.body))
      order by i.id desc), '[]')::text
    from (select * from wedsync.inbox where source_id = p_source and length(body) > 0
           order by id desc limit p_limit::int) i
$$;

create or replace function public.ws_delivery_replay(p_id text, p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare i wedsync.inbox;
begin
  select * into i from wedsync.inbox where id = p_id::bigint for update;
  if not found or length(i.body) = 0 then return 'not-found'; end if;
  if i.state = 'waiting' then return i.state; end if;
  update wedsync.inbox set state = 'waiting', reason = null, attempts = 0, next_at = clock_timestamp(),
         finished_at = null where id = i.id;
  perform wedsync.audit(json_build_array(json_build_object('listId', i.list_id, 'actor', p_by,
    'action', 'delivery.replay', 'outcome', 'done', 'sourceId', i.source_id, 'deliveryId', i.id)));
  return 'ok';
end $$;

-- Puts the deliveries of a source that were received in [p_from, p_to) back into the queue, in ms since 1970; p_states
-- says which of them. Answers how many.
create function public.ws_deliveries_replay(p_source text, p_from text, p_to text, p_states text[], p_by text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_count int;
  v_list text;
begin
  select list_id into v_list from wedsync.sources where id = p_source;
  update wedsync.inbox set state = 'waiting', reason = null, attempts = 0, next_at = clock_timestamp(), finished_at = null
   where source_id = p_source and state = any (p_states) and state <> 'waiting' and length(body) > 0
     and received_at >= to_timestamp(p_from::double precision / 1000)
     and received_at < to_timestamp(p_to::double precision / 1000);
  get diagnostics v_count = row_count;
  perform wedsync.audit(json_build_array(json_build_object('listId', v_list, 'actor', p_by,
    'action', 'delivery.replay', 'outcome', 'done', 'sourceId', p_source, 'count', greatest(v_count, 1))));
  return v_count::text;
end $$;

-- Rows of the audit log of a list before p_before ('' for the newest), newest first.
create function public.ws_audit_page(p_list text, p_before text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', a.id, 'at', wedsync.ms(a.at), 'actor', a.actor,
      'action', a.action, 'outcome', a.outcome, 'reason', a.reason, 'recordId', a.record_id, 'fields', a.fields,
      'sourceId', a.source_id, 'deliveryId', a.delivery_id, 'count', a.count) order by a.id desc), '[]')::text
    from (select * from wedsync.audit_log l where l.list_id = p_list and (p_before = '' or l.id < p_before::bigint)
           order by l.id desc limit p_limit::int) a
$$;

-- Ends what is older than p_days: rows of the audit log, and bodies of deliveries that are done. Answers how many rows.
create function public.ws_inbound_prune(p_audit_days text, p_body_days text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_count int;
begin
  delete from wedsync.audit_log where at < now() - (p_audit_days || ' days')::interval;
  get diagnostics v_count = row_count;
  delete from wedsync.inbox where state in ('applied', 'ignored') and finished_at < now() - (p_body_days || ' days')::interval;
  return v_count::text;
end $$;

-- As before, and with the source's settings.
create or replace function public.ws_inbox_claim(p_limit text, p_lease_ms text, p_token text) returns text
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
      'provider', s.provider, 'sourceName', s.name, 'settleMs', s.settle_ms,
      'settings', s.settings) order by t.id)::text
    into answer from taken t join wedsync.sources s on s.id = t.source_id;
  return coalesce(answer, '[]');
end $$;

-- As before, and for merges `links` {external id: record} and `mergedRecords` {record: record that stayed}, for
-- erasure `erased`.
create or replace function public.ws_apply(p_doc text, p_lineage text, p_clock text, p_next_clock text, p_data text, p_crc text,
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
  -- Merged in the source: from now on all its ids mean the one that stayed, and so does what pointed at the others.
  insert into wedsync.integration_links (source_id, external_id, list_id, record_id)
  select p_source, l.key, d.list_id, l.value from json_to_recordset(v_results) as r(links json), json_each_text(r.links) as l
  on conflict (source_id, external_id) do update set record_id = excluded.record_id;
  update wedsync.integration_links k set record_id = m.value
    from json_to_recordset(v_results) as r("mergedRecords" json), json_each_text(r."mergedRecords") as m
   where k.list_id = d.list_id and k.record_id = m.key;
  -- To be forgotten: what was received about the couple goes, and its id in the other system.
  update wedsync.inbox i set body = '', event_key = 'erased:' || i.id, order_key = ''
    from json_to_recordset(v_results) as r(id bigint, erased boolean, "recordId" text), wedsync.inbox e
   where r.erased and e.id = r.id and i.source_id = p_source and i.id <> e.id
     and (i.record_id = r."recordId" or (i.order_key <> '' and i.order_key = e.order_key));
  delete from wedsync.integration_links k
   using json_to_recordset(v_results) as r(erased boolean, "recordId" text)
   where r.erased and k.list_id = d.list_id and k.record_id = r."recordId";
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

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and p.proname in ('ws_source_settings', 'ws_source_paths', 'ws_account_put', 'ws_account_get', 'ws_account_claim',
         'ws_account_save', 'ws_deliveries_search', 'ws_deliveries_stuck', 'ws_delivery_get', 'ws_delivery_bodies',
         'ws_deliveries_replay', 'ws_audit_page', 'ws_inbound_prune')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
