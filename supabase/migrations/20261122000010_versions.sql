-- Versions of a list: its whole state at a sequence, kept daily, by name, or before a restore. Compressed by the
-- relay, in pieces as snapshots are. A version counts once all its pieces are there (`is_whole`).
create table wedsync.versions (
  id bigint generated always as identity primary key,
  doc_id text not null references wedsync.documents on delete cascade,
  kind text not null check (kind in ('daily', 'named', 'restore')),
  name text not null default '' check (char_length(name) <= 120),
  -- Everything up to this sequence is in it.
  seq bigint not null,
  records int not null,
  bytes bigint not null,
  parts int not null,
  -- A user id, or '' for the daily ones.
  created_by text not null default '',
  day date not null default (clock_timestamp() at time zone 'utc')::date,
  is_whole boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);
create unique index versions_daily on wedsync.versions (doc_id, day) where kind = 'daily';
create index versions_doc on wedsync.versions (doc_id, created_at desc);

create table wedsync.version_parts (
  version_id bigint not null references wedsync.versions on delete cascade,
  part int not null,
  data bytea not null,
  crc bigint not null,
  primary key (version_id, part)
);
alter table wedsync.versions enable row level security;
alter table wedsync.version_parts enable row level security;

-- Lists that changed since their last daily version and have none of today. What was begun and never finished (a
-- killed relay) is forgotten after an hour.
create function public.ws_versions_due(p_limit text) returns text
language plpgsql security definer set search_path = '' as $$
declare answer text;
begin
  delete from wedsync.versions where not is_whole and created_at < clock_timestamp() - interval '1 hour';
  select coalesce(json_agg(due.doc_id), '[]')::text into answer from (
    select d.doc_id from wedsync.documents d
      left join lateral (select v.seq, v.day from wedsync.versions v
                          where v.doc_id = d.doc_id and v.kind = 'daily' order by v.day desc limit 1) last on true
     where d.kind = 'list' and d.head > coalesce(last.seq, 0)
       and (last.day is null or last.day < (clock_timestamp() at time zone 'utc')::date)
     order by d.doc_id limit p_limit::int) due;
  return answer;
end $$;

-- Begins a version; its id, or '' when today's daily one is there or being made.
create function public.ws_version_begin(p_doc text, p_kind text, p_name text, p_by text, p_seq text, p_records text,
  p_bytes text, p_parts text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_id bigint;
begin
  insert into wedsync.versions (doc_id, kind, name, created_by, seq, records, bytes, parts)
  values (p_doc, p_kind, p_name, p_by, p_seq::bigint, p_records::int, p_bytes::bigint, p_parts::int)
  on conflict do nothing returning id into v_id;
  return coalesce(v_id::text, '');
end $$;

create function public.ws_version_put(p_id text, p_part text, p_data text, p_crc text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  insert into wedsync.version_parts (version_id, part, data, crc)
  values (p_id::bigint, p_part::int, decode(p_data, 'base64'), p_crc::bigint)
  on conflict (version_id, part) do nothing;
  return 'ok';
end $$;

-- Makes a version count, and removes what is past its time: daily ones after 30 days, those made before a restore
-- after 90, of the named ones the oldest beyond 50. 'ok' or 'incomplete'.
create function public.ws_version_commit(p_id text) returns text
language plpgsql security definer set search_path = '' as $$
declare v wedsync.versions;
begin
  select * into v from wedsync.versions where id = p_id::bigint for update;
  if not found or v.parts <> (select count(*) from wedsync.version_parts p where p.version_id = v.id) then
    return 'incomplete';
  end if;
  update wedsync.versions set is_whole = true where id = v.id;
  delete from wedsync.versions o where o.doc_id = v.doc_id and o.id <> v.id and (
    (o.kind = 'daily' and o.created_at < clock_timestamp() - interval '30 days')
    or (o.kind = 'restore' and o.created_at < clock_timestamp() - interval '90 days')
    or (o.kind = 'named' and o.id in (select n.id from wedsync.versions n where n.doc_id = v.doc_id
          and n.kind = 'named' order by n.id desc offset 50)));
  return 'ok';
end $$;

-- Versions of a list, newest first.
create function public.ws_versions(p_doc text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', v.id::text, 'kind', v.kind, 'name', v.name, 'records', v.records,
      'bytes', v.bytes, 'at', wedsync.ms(v.created_at), 'by', coalesce(m.email, '')) order by v.id desc), '[]')::text
    from wedsync.versions v
    left join public.list_members m on m.list_id = v.doc_id and m.user_id::text = v.created_by
   where v.doc_id = p_doc and v.is_whole
$$;

-- How many pieces a version has; '' when the list has no such version.
create function public.ws_version_parts(p_doc text, p_id text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select v.parts::text from wedsync.versions v
    where v.doc_id = p_doc and v.id = p_id::bigint and v.is_whole), '')
$$;

-- One piece as [base64, crc]; '' when it is not there.
create function public.ws_version_part(p_id text, p_part text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_array(wedsync.to_base64(p.data), p.crc)::text from wedsync.version_parts p
    where p.version_id = p_id::bigint and p.part = p_part::int), '')
$$;

create function public.ws_version_delete(p_doc text, p_id text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  delete from wedsync.versions where doc_id = p_doc and id = p_id::bigint;
  return case when found then 'ok' else '' end;
end $$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname like 'ws\_version%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
