-- The relay that speaks for all while the database is away: the first by name of those that were here within p_within ms.
create function public.ws_health_first(p_within text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select min(c.relay) from wedsync.health_canary c
    where c.at > clock_timestamp() - (p_within || ' milliseconds')::interval), '')
$$;

revoke all on function public.ws_health_first(text) from public, anon, authenticated;
grant execute on function public.ws_health_first(text) to service_role;

-- As before; and one that a relay writes down after the database was away is the one that another relay wrote down and
-- closed in between.
create or replace function public.ws_incident_open(p_key text, p_list text, p_title text, p_cause text, p_fix text, p_at text)
returns text language plpgsql security definer set search_path = '' as $$
declare
  i wedsync.health_incidents;
  v_at timestamptz := to_timestamp(p_at::double precision / 1000);
  v_new boolean;
begin
  if p_list <> '' and not exists (select from public.lists where id = p_list) then return ''; end if;
  select * into i from wedsync.health_incidents where check_key = p_key and closed_at >= v_at order by id desc limit 1;
  if found then return json_build_object('isNew', false, 'incident', wedsync.incident_json(i))::text; end if;
  insert into wedsync.health_incidents (check_key, list_id, title, cause, fix, opened_at)
  values (p_key, nullif(p_list, ''), p_title, p_cause, p_fix, v_at)
  on conflict (check_key) where closed_at is null do nothing returning * into i;
  v_new := found;
  if not v_new then
    select * into i from wedsync.health_incidents where check_key = p_key and closed_at is null;
  end if;
  return json_build_object('isNew', v_new, 'incident', wedsync.incident_json(i))::text;
end $$;
