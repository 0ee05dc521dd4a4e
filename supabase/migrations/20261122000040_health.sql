-- How the relays are doing: a row that every check writes (the canary), what the checks found in two widths of time,
-- and incidents with who was told.
create table wedsync.health_canary (
  relay text primary key,
  beat bigint not null default 0,
  at timestamptz not null,
  last_sync timestamptz
);

-- Buckets of five minutes for a day, and of an hour for ninety days.
create table wedsync.health_history (
  check_key text not null,
  width_s int not null check (width_s in (300, 3600)),
  bucket timestamptz not null,
  ok int not null default 0,
  degraded int not null default 0,
  failing int not null default 0,
  latency_max_ms int,
  primary key (check_key, width_s, bucket)
);
create index health_history_age on wedsync.health_history (width_s, bucket);

create table wedsync.health_incidents (
  id bigint generated always as identity primary key,
  check_key text not null,
  -- Null for what concerns the whole relay.
  list_id text references public.lists on delete cascade,
  title text not null,
  cause text not null,
  fix text not null,
  opened_at timestamptz not null,
  closed_at timestamptz
);
-- Two relays that see one fault open one incident.
create unique index health_incidents_open on wedsync.health_incidents (check_key) where closed_at is null;
create index health_incidents_list on wedsync.health_incidents (list_id, id);

alter table wedsync.health_canary enable row level security;
alter table wedsync.health_history enable row level security;
alter table wedsync.health_incidents enable row level security;

-- Writes one row and answers when an update was last stored by any relay, in ms ('' for never).
create function public.ws_health_canary(p_relay text, p_last_sync text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_last timestamptz := to_timestamp(nullif(p_last_sync, '')::double precision / 1000);
begin
  insert into wedsync.health_canary as c (relay, beat, at, last_sync) values (p_relay, 1, clock_timestamp(), v_last)
  on conflict (relay) do update set beat = c.beat + 1, at = excluded.at,
    last_sync = greatest(c.last_sync, excluded.last_sync);
  return coalesce((select wedsync.ms(max(last_sync))::text from wedsync.health_canary), '');
end $$;

-- What waits: deliveries in the inbox, and documents that the read model is behind of.
create function public.ws_health_queues() returns text language sql stable security definer set search_path = '' as $$
  select json_build_object(
    'inboxWaiting', (select count(*) from wedsync.inbox where state = 'waiting'),
    'inboxOldestMs', coalesce((select greatest(0, wedsync.ms(clock_timestamp()) - wedsync.ms(min(
          case when i.attempts > 2 then i.received_at
               else greatest(i.received_at, i.next_at, coalesce(i.lease_until, i.next_at)) end)))
       from wedsync.inbox i join wedsync.sources s on s.id = i.source_id and s.state = 'active'
      where i.state = 'waiting'), 0),
    'projectionBehind', (select count(*) from wedsync.documents where kind = 'list' and head > projected_seq),
    'projectionLag', coalesce((select max(head - projected_seq) from wedsync.documents where kind = 'list'), 0))::text
$$;

-- For every source that is not deleted: what came last, what was refused last, how often something comes.
create function public.ws_health_sources() returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', s.id, 'listId', s.list_id, 'name', s.name, 'state', s.state,
      'lastEventAt', wedsync.ms(s.last_event_at),
      'refusedAt', wedsync.ms(r.at), 'refusedReason', r.reason,
      'lastState', d.state, 'lastReason', d.reason, 'lastFinishedAt', wedsync.ms(d.finished_at),
      'waiting', w.n, 'oldestWaitingAt', wedsync.ms(w.oldest),
      'recentCount', g.n, 'recentFirstAt', wedsync.ms(g.first)) order by s.created_at), '[]')::text
    from wedsync.sources s
    left join lateral (select a.at, a.reason from (select * from wedsync.audit_log l where l.source_id = s.id
        order by l.id desc limit 200) a
      where a.outcome = 'refused' and a.reason is distinct from 'inbox-full' order by a.id desc limit 1) r on true
    left join lateral (select i.state, i.reason, i.finished_at from (select * from wedsync.inbox n
        where n.source_id = s.id order by n.id desc limit 200) i
      where i.state <> 'waiting' order by i.finished_at desc limit 1) d on true
    left join lateral (select count(*) as n, min(i.received_at) as oldest from wedsync.inbox i
      where i.source_id = s.id and i.state = 'waiting') w on true
    left join lateral (select count(*) as n, min(i.received_at) as first from (select n.received_at
        from wedsync.inbox n where n.source_id = s.id order by n.id desc limit 50) i) g on true
   where s.state <> 'deleted'
$$;

-- Adds what a round of checks found: [{key, state, latencyMs}…] with state ok, degraded or failing; drops what is old.
create function public.ws_health_put(p_at text, p_rows text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_at timestamptz := to_timestamp(p_at::double precision / 1000);
begin
  insert into wedsync.health_history as h (check_key, width_s, bucket, ok, degraded, failing, latency_max_ms)
  select r.key, w.width, to_timestamp(floor(extract(epoch from v_at) / w.width) * w.width),
         count(*) filter (where r.state = 'ok'), count(*) filter (where r.state = 'degraded'),
         count(*) filter (where r.state = 'failing'), max(r."latencyMs")::int
    from json_to_recordset(p_rows::json) as r(key text, state text, "latencyMs" double precision)
    cross join (values (300), (3600)) as w(width)
   group by r.key, w.width
  on conflict (check_key, width_s, bucket) do update set ok = h.ok + excluded.ok,
    degraded = h.degraded + excluded.degraded, failing = h.failing + excluded.failing,
    latency_max_ms = greatest(h.latency_max_ms, excluded.latency_max_ms);
  delete from wedsync.health_history where width_s = 300 and bucket < v_at - interval '25 hours';
  delete from wedsync.health_history where width_s = 3600 and bucket < v_at - interval '90 days';
  delete from wedsync.health_incidents where closed_at < v_at - interval '90 days';
  return 'ok';
end $$;

-- Buckets of the checks named, oldest first: [[key, startMs, ok, degraded, failing, latencyMaxMs]…].
create function public.ws_health_history(p_keys text[], p_width_s text, p_since text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_array(h.check_key, wedsync.ms(h.bucket), h.ok, h.degraded, h.failing,
      h.latency_max_ms) order by h.bucket), '[]')::text
    from wedsync.health_history h
   where h.check_key = any (p_keys) and h.width_s = p_width_s::int
     and h.bucket >= to_timestamp(p_since::double precision / 1000)
$$;

create function wedsync.incident_json(i wedsync.health_incidents) returns json
language sql stable set search_path = '' as $$
  select json_build_object('id', i.id::text, 'key', i.check_key, 'listId', i.list_id, 'title', i.title, 'cause', i.cause,
    'fix', i.fix, 'openedAt', wedsync.ms(i.opened_at), 'closedAt', wedsync.ms(i.closed_at))
$$;

-- {"isNew", "incident"}; isNew for the one relay that opened it. A list that is gone has no incidents: ''.
create function public.ws_incident_open(p_key text, p_list text, p_title text, p_cause text, p_fix text, p_at text)
returns text language plpgsql security definer set search_path = '' as $$
declare
  i wedsync.health_incidents;
  v_new boolean;
begin
  if p_list <> '' and not exists (select from public.lists where id = p_list) then return ''; end if;
  insert into wedsync.health_incidents (check_key, list_id, title, cause, fix, opened_at)
  values (p_key, nullif(p_list, ''), p_title, p_cause, p_fix, to_timestamp(p_at::double precision / 1000))
  on conflict (check_key) where closed_at is null do nothing returning * into i;
  v_new := found;
  if not v_new then
    select * into i from wedsync.health_incidents where check_key = p_key and closed_at is null;
  end if;
  return json_build_object('isNew', v_new, 'incident', wedsync.incident_json(i))::text;
end $$;

-- The incident for the one relay that closed it, '' for all others.
create function public.ws_incident_close(p_key text, p_at text) returns text
language plpgsql security definer set search_path = '' as $$
declare i wedsync.health_incidents;
begin
  update wedsync.health_incidents set closed_at = to_timestamp(p_at::double precision / 1000)
   where check_key = p_key and closed_at is null returning * into i;
  return case when found then wedsync.incident_json(i)::text else '' end;
end $$;

-- Open ones of everything: [incident…]
create function public.ws_incidents_open() returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(wedsync.incident_json(i) order by i.id), '[]')::text
    from wedsync.health_incidents i where i.closed_at is null
$$;

-- Those of a list and those of the whole relay, newest first.
create function public.ws_incidents(p_list text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(wedsync.incident_json(i) order by i.id desc), '[]')::text
    from (select * from wedsync.health_incidents h where h.list_id is null or h.list_id = p_list
           order by h.id desc limit p_limit::int) i
$$;

-- Addresses of the owners of a list, or with '' of all lists (twenty at most: the ones longest here).
create function public.ws_owner_mails(p_list text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(o.email), '[]')::text from (
    select m.email from public.list_members m
     where m.role = 'owner' and m.email is not null and (p_list = '' or m.list_id = p_list)
     group by m.email order by min(m.created_at) limit 20) o
$$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and (p.proname like 'ws\_health\_%' or p.proname like 'ws\_incident%' or p.proname = 'ws_owner_mails')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
