-- The way of an event, in plans that do not depend on what the database knows about its tables: a burst fills empty
-- ones within a minute, before anybody has counted their rows (and nobody ever does on the embedded default). What was
-- planned once for ten rows went through all of them for each event. Same arguments, same answers, same guarantees.

-- As before; each event is found by its key as it is written.
create or replace function public.ws_inbox_put(p_sources text[], p_event_ids text[], p_hashes text[], p_bodies text[],
  p_events text[], p_order_keys text[], p_states text[], p_reasons text[], p_secret_ids text[], p_limit text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  v_ids text[];
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
    select a.*, count(*) over same as times, row_number() over (same order by a.ord) as nth
      from unnest(p_sources, v_ids, p_event_ids, p_hashes, p_bodies, p_events, p_order_keys, p_states, p_reasons)
      with ordinality as a(source_id, event_id, given_id, hash, body, event, order_key, state, reason, ord)
    window same as (partition by a.source_id, a.event_id)
  ), put as (
    -- By the key of events in every plan, new or known: xmax is 0 in a row that was not there before.
    insert into wedsync.inbox as i (source_id, list_id, event_id, event_key, body, event, order_key, received_at, state,
           reason, finished_at, duplicates)
    select a.source_id, s.list_id, a.event_id, case when a.given_id = '' then 'body:' || a.hash else a.given_id end,
           decode(a.body, 'base64'), a.event, a.order_key, v_now, a.state, nullif(a.reason, ''),
           case when a.state = 'waiting' then null else v_now end, a.times - 1
      from arrived a join wedsync.sources s on s.id = a.source_id and s.state <> 'deleted'
     where a.nth = 1 and not v_full order by a.ord
    on conflict (source_id, event_id) do update set duplicates = i.duplicates + excluded.duplicates + 1
    returning i.id, i.source_id, i.event_id, i.state, i.reason, i.xmax = 0 as is_new
  ), known as (
    update wedsync.inbox i set duplicates = i.duplicates + a.times
      from arrived a join wedsync.sources s on s.id = a.source_id and s.state <> 'deleted'
     where v_full and a.nth = 1 and i.source_id = a.source_id and i.event_id = a.event_id
    returning i.id, i.source_id, i.event_id, i.state, i.reason, false as is_new
  ), told as (
    select a.ord, a.source_id, s.list_id, i.id, i.state, i.reason,
           case when s.id is null then 'unknown'
                when i.id is null then 'full'
                when i.is_new and a.nth = 1 then 'stored'
                else 'duplicate' end as outcome
      from arrived a
      left join wedsync.sources s on s.id = a.source_id and s.state <> 'deleted'
      left join (select * from put union all select * from known) i
        on i.source_id = s.id and i.event_id = a.event_id
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

-- As before.
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
       -- One look per event: as a join, a plan may go through all earlier events for each of them.
       and not exists (select 1 from wedsync.inbox e where e.source_id = i.source_id and e.order_key = i.order_key
         and e.id + 0 < i.id and e.state = 'waiting' and (e.lease_until >= v_now or e.next_at > v_now) offset 0)
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

-- As before; one look by key for each id.
create or replace function public.ws_apply_context(p_source text, p_list text, p_external text[], p_candidates text[]) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  v_links json;
  v_records text[];
begin
  select json_object_agg(l.external_id, l.record_id), array_agg(l.record_id) into v_links, v_records
    from (select distinct x.id from unnest(p_external) as x(id)) x
   cross join lateral (select k.external_id, k.record_id from wedsync.integration_links k
                        where k.source_id = p_source and k.external_id = x.id offset 0) l;
  select array_agg(distinct r.id) into v_records from unnest(v_records || p_candidates) as r(id);
  return json_build_object('links', coalesce(v_links, '{}'),
    'watermarks', (select coalesce(json_agg(json_build_array(w.record_id, w.field, w.hlc)), '[]')
       from unnest(v_records) as r(id)
      cross join lateral (select m.record_id, m.field, m.hlc from wedsync.watermarks m
                           where m.record_id = r.id and m.source_id = p_source offset 0) w),
    'stored', (select coalesce(json_agg(json_build_array(h.record_id, h.field, h.hlc, h.actor, wedsync.ms(h.stored_at))), '[]')
       from unnest(v_records) as r(id)
      cross join lateral (select f.record_id, f.field, f.hlc, f.actor, f.stored_at from wedsync.field_history f
                           where f.list_id = p_list and f.record_id = r.id and f.replaced_at is null offset 0) h))::text;
end $$;

-- As before; what only merges and erasures need is looked for only then.
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
  if exists (select from json_to_recordset(v_results) as r(links json, "mergedRecords" json)
              where r.links is not null or r."mergedRecords" is not null) then
    insert into wedsync.integration_links (source_id, external_id, list_id, record_id)
    select p_source, l.key, d.list_id, l.value from json_to_recordset(v_results) as r(links json), json_each_text(r.links) as l
    on conflict (source_id, external_id) do update set record_id = excluded.record_id;
    update wedsync.integration_links k set record_id = m.value
      from json_to_recordset(v_results) as r("mergedRecords" json), json_each_text(r."mergedRecords") as m
     where k.list_id = d.list_id and k.record_id = m.key;
  end if;
  -- To be forgotten: what was received about the couple goes, and its id in the other system.
  if exists (select from json_to_recordset(v_results) as r(erased boolean) where r.erased) then
    with forgotten as materialized (
      select e.id, r."recordId" as record_id, e.order_key
        from json_to_recordset(v_results) as r(id bigint, erased boolean, "recordId" text)
        join wedsync.inbox e on e.id = r.id where r.erased
    )
    update wedsync.inbox i set body = '', event_key = 'erased:' || i.id, order_key = ''
      from forgotten f
     where i.source_id = p_source and i.id <> f.id
       and (i.record_id = f.record_id or (i.order_key <> '' and i.order_key = f.order_key));
    delete from wedsync.integration_links k
     using json_to_recordset(v_results) as r(erased boolean, "recordId" text)
     where r.erased and k.list_id = d.list_id and k.record_id = r."recordId";
  end if;
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

-- Planned for the tables as they are at each call. What is called within these follows.
do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and p.proname in ('ws_inbox_put', 'ws_inbox_claim', 'ws_inbox_finish', 'ws_apply_context', 'ws_apply', 'ws_project')
  loop
    execute format('alter function %s set plan_cache_mode = force_custom_plan', f.name);
  end loop;
end $$;
