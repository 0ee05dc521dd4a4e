-- Up to which row of the log a list's daily versions go. Kept beside them: without it, a list that nobody touches
-- would count as changed once its last daily version has expired.
alter table wedsync.documents add column daily_seq bigint not null default 0;
update wedsync.documents d set daily_seq = v.seq
  from (select doc_id, max(seq) as seq from wedsync.versions where kind = 'daily' and is_whole group by doc_id) v
 where v.doc_id = d.doc_id;
create index versions_expiry on wedsync.versions (kind, created_at);
create index versions_unfinished on wedsync.versions (created_at) where not is_whole;

-- Lists after `p_after` in the order of their ids that changed since their last daily version and have none of today.
-- What is past its time goes first, of all lists: daily versions after 30 days, those made before a restore after 90,
-- and after an hour what was begun and never finished (a killed relay). So many at once that it ends in good time;
-- the next call goes on. A relay of before this migration gives no `p_after`.
drop function public.ws_versions_due(text);
create function public.ws_versions_due(p_limit text, p_after text default '') returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  answer text;
begin
  delete from wedsync.versions where id in (
    select v.id from wedsync.versions v
     where (not v.is_whole and v.created_at < v_now - interval '1 hour')
        or (v.kind = 'daily' and v.created_at < v_now - interval '30 days')
        or (v.kind = 'restore' and v.created_at < v_now - interval '90 days')
     limit 1000 for update skip locked);
  select coalesce(json_agg(due.doc_id order by due.doc_id), '[]')::text into answer from (
    select d.doc_id from wedsync.documents d
     where d.doc_id > p_after and d.kind = 'list' and d.head > d.daily_seq
       and not exists (select from wedsync.versions v where v.doc_id = d.doc_id and v.kind = 'daily'
                        and v.day >= (v_now at time zone 'utc')::date)
     order by d.doc_id limit p_limit::int) due;
  return answer;
end $$;

-- As before; what is past its time goes above, and only whole versions count among the newest 50 named ones.
create or replace function public.ws_version_commit(p_id text) returns text
language plpgsql security definer set search_path = '' as $$
declare v wedsync.versions;
begin
  -- The document first, as where a list is deleted: neither waits for the other.
  perform from wedsync.documents d
    where d.doc_id = (select o.doc_id from wedsync.versions o where o.id = p_id::bigint) for no key update;
  select * into v from wedsync.versions where id = p_id::bigint for update;
  if not found or v.parts <> (select count(*) from wedsync.version_parts p where p.version_id = v.id) then
    return 'incomplete';
  end if;
  update wedsync.versions set is_whole = true where id = v.id;
  if v.kind = 'daily' then
    update wedsync.documents set daily_seq = v.seq where doc_id = v.doc_id and daily_seq < v.seq;
  elsif v.kind = 'named' then
    delete from wedsync.versions o where o.id in (
      select n.id from wedsync.versions n where n.doc_id = v.doc_id and n.kind = 'named' and n.is_whole
       order by n.id desc offset 50);
  end if;
  return 'ok';
end $$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname in ('ws_versions_due', 'ws_version_commit')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
