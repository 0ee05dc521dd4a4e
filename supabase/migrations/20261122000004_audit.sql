-- Who did what to which record, when, why, with which outcome: names of fields, never their values.
create table wedsync.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  list_id text,
  -- A user id, source:<id>, service, or '' for somebody who could not show who they are.
  actor text not null,
  -- 'webhook', 'source.create', …
  action text not null,
  -- accepted, duplicate, refused, applied, ignored, quarantined, failed, done.
  outcome text not null,
  -- Machine-readable; the app has the words.
  reason text,
  record_id text,
  fields text[] not null default '{}',
  source_id text,
  delivery_id bigint,
  -- How many alike this row stands for: refusals in a flood are counted, not listed.
  count int not null default 1
);
create index audit_list on wedsync.audit_log (list_id, id);
create index audit_source on wedsync.audit_log (source_id, id);
alter table wedsync.audit_log enable row level security;

-- Rows: [{listId, actor, action, outcome, reason, recordId, fields, sourceId, deliveryId, count}…]
create function wedsync.audit(p_rows json) returns void language sql security definer set search_path = '' as $$
  insert into wedsync.audit_log (list_id, actor, action, outcome, reason, record_id, fields, source_id, delivery_id, count)
  select r."listId", coalesce(r.actor, ''), r.action, r.outcome, r.reason, r."recordId",
         coalesce((select array_agg(f.name) from json_array_elements_text(r.fields) as f(name)), '{}'),
         r."sourceId", r."deliveryId", coalesce(r.count, 1)
    from json_to_recordset(p_rows) as r("listId" text, actor text, action text, outcome text, reason text,
         "recordId" text, fields json, "sourceId" text, "deliveryId" bigint, count int)
$$;

create function public.ws_audit_put(p_rows text) returns text language plpgsql security definer set search_path = '' as $$
begin
  perform wedsync.audit(p_rows::json);
  return 'ok';
end $$;

-- The newest rows of a list (or, with p_source, of one source), newest first.
create function public.ws_audit(p_list text, p_source text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', a.id, 'at', floor(extract(epoch from a.at) * 1000), 'actor', a.actor,
      'action', a.action, 'outcome', a.outcome, 'reason', a.reason, 'recordId', a.record_id, 'fields', a.fields,
      'sourceId', a.source_id, 'deliveryId', a.delivery_id, 'count', a.count) order by a.id desc), '[]')::text
    from (select * from wedsync.audit_log l
           where (p_list = '' or l.list_id = p_list) and (p_source = '' or l.source_id = p_source)
           order by l.id desc limit p_limit::int) a
$$;
