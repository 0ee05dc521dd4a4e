-- Photos of couples. The document holds an address; the relay fetches it once and keeps a clean copy under the hash of
-- its bytes. One row per list and address; what no couple uses any more is marked and then swept, file included.
create table wedsync.photos (
  -- No reference to lists: the row must outlive its list until the file is gone.
  list_id text not null,
  -- SHA-256 of the address, in hex: how the app asks for the photo.
  key text not null,
  url text not null,
  state text not null default 'waiting' check (state in ('waiting', 'stored', 'refused', 'failed')),
  -- Of the stored full picture.
  sha256 text,
  reason text,
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  lease_token text,
  lease_until timestamptz,
  is_suspect boolean not null default false,
  primary key (list_id, key)
);
create index photos_waiting on wedsync.photos (next_at) where state = 'waiting';
create index photos_suspect on wedsync.photos (list_id) where is_suspect;
create index photos_sha256 on wedsync.photos (sha256) where sha256 is not null;
alter table wedsync.photos enable row level security;

-- Files that no photo needs any more, until they are removed.
create table wedsync.unused_photo_files (sha256 text primary key);
alter table wedsync.unused_photo_files enable row level security;

create index client_list_cache_photo on public.client_list_cache (list_id, md5(photo)) where photo is not null;
create index inbox_photo on wedsync.inbox (list_id, record_id) where 'photo' = any (fields);

create function wedsync.photo_key(p_url text) returns text language sql stable set search_path = '' as $$
  select encode(sha256(convert_to(p_url, 'UTF8')), 'hex')
$$;

-- Whatever writes the read model (an event, a person, an import, a restored version), the photo is noted.
create function wedsync.note_photo() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'INSERT' and old.photo is not null then
    update wedsync.photos set is_suspect = true
     where list_id = old.list_id and key = wedsync.photo_key(old.photo);
  end if;
  if tg_op <> 'DELETE' and new.photo ~ '^https://' and char_length(new.photo) <= 2048 then
    insert into wedsync.photos as p (list_id, key, url) values (new.list_id, wedsync.photo_key(new.photo), new.photo)
      on conflict (list_id, key) do update set is_suspect = false,
        state = case when p.state in ('refused', 'failed') then 'waiting' else p.state end,
        attempts = case when p.state in ('refused', 'failed') then 0 else p.attempts end,
        next_at = case when p.state in ('refused', 'failed') then now() else p.next_at end;
  end if;
  return null;
end $$;
create trigger client_list_cache_photo_new after insert on public.client_list_cache
  for each row when (new.photo is not null) execute function wedsync.note_photo();
create trigger client_list_cache_photo_changed after update on public.client_list_cache
  for each row when (old.photo is distinct from new.photo) execute function wedsync.note_photo();
create trigger client_list_cache_photo_gone after delete on public.client_list_cache
  for each row when (old.photo is not null) execute function wedsync.note_photo();

insert into wedsync.photos (list_id, key, url)
  select distinct c.list_id, wedsync.photo_key(c.photo), c.photo from public.client_list_cache c
   where c.photo ~ '^https://' and char_length(c.photo) <= 2048
  on conflict do nothing;

-- Forgets photos that no couple has any more; their files are named until the relay says that they are gone.
create function wedsync.sweep_photos() returns void language plpgsql set search_path = '' as $$
begin
  update wedsync.photos p set is_suspect = false where p.is_suspect and exists (
    select from public.client_list_cache c
     where c.list_id = p.list_id and c.photo is not null and md5(c.photo) = md5(p.url));
  with gone as (delete from wedsync.photos p where p.is_suspect returning p.sha256)
  insert into wedsync.unused_photo_files (sha256) select distinct g.sha256 from gone g where g.sha256 is not null
    on conflict do nothing;
  delete from wedsync.unused_photo_files u where exists (select from wedsync.photos p where p.sha256 = u.sha256);
end $$;

-- One round of work: {photos: [{listId, key, url, attempts}…] that are due, now leased; unused: [sha256…] files to remove}.
create function public.ws_photos_round(p_limit text, p_lease_ms text, p_token text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_photos json;
begin
  perform wedsync.sweep_photos();
  with free as (
    select p.list_id, p.key from wedsync.photos p
     where p.state = 'waiting' and p.next_at <= clock_timestamp()
       and (p.lease_until is null or p.lease_until < clock_timestamp())
     order by p.next_at limit p_limit::int for update of p skip locked
  ), taken as (
    update wedsync.photos p set lease_token = p_token, attempts = p.attempts + 1,
           lease_until = clock_timestamp() + (p_lease_ms || ' milliseconds')::interval
      from free f where p.list_id = f.list_id and p.key = f.key returning p.*
  )
  select json_agg(json_build_object('listId', t.list_id, 'key', t.key, 'url', t.url, 'attempts', t.attempts))
    into v_photos from taken t;
  return json_build_object('photos', coalesce(v_photos, '[]'),
    'unused', coalesce((select json_agg(u.sha256) from wedsync.unused_photo_files u), '[]'))::text;
end $$;

-- The files of these photos are removed.
create function public.ws_photos_removed(p_hashes text[]) returns text
language sql security definer set search_path = '' as $$
  with gone as (delete from wedsync.unused_photo_files where sha256 = any (p_hashes) returning 1)
  select count(*)::text from gone
$$;

-- What became of a claimed photo, also told to the deliveries that brought it: 'ok', or 'gone' when the lease is over
-- or nobody wants the photo any more.
create function public.ws_photo_finish(p_list text, p_key text, p_token text, p_state text, p_sha256 text,
  p_reason text, p_retry_ms text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_url text;
begin
  update wedsync.photos p set state = p_state, sha256 = nullif(p_sha256, ''), reason = nullif(p_reason, ''),
         next_at = clock_timestamp() + (p_retry_ms || ' milliseconds')::interval, lease_token = null, lease_until = null
   where p.list_id = p_list and p.key = p_key and p.lease_token = p_token
   returning p.url into v_url;
  if v_url is null then
    -- What was stored meanwhile belongs to nobody, unless another row has the same picture: the sweep looks.
    insert into wedsync.unused_photo_files (sha256) select p_sha256 where p_sha256 <> '' on conflict do nothing;
    return 'gone';
  end if;
  update wedsync.inbox i set reason = nullif(concat_ws(E'\n',
           nullif(regexp_replace(coalesce(i.reason, ''), E'\n?photo-[a-z-]+$', ''), ''), nullif(p_reason, '')), '')
   where i.id in (
     select max(e.id) from public.client_list_cache c
       join wedsync.inbox e on e.list_id = c.list_id and e.record_id = c.record_id and 'photo' = any (e.fields)
      where c.list_id = p_list and c.photo is not null and md5(c.photo) = md5(v_url) and e.state = 'applied'
      group by e.record_id);
  return 'ok';
end $$;

-- {state, sha256, reason} of a photo; '' for one that no couple has.
create function public.ws_photo(p_list text, p_key text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_object('state', p.state, 'sha256', p.sha256, 'reason', p.reason)::text
    from wedsync.photos p where p.list_id = p_list and p.key = p_key and not p.is_suspect), '')
$$;

-- The file of a stored photo is not there any more: it is fetched again.
create function public.ws_photo_lost(p_list text, p_key text) returns text
language sql security definer set search_path = '' as $$
  with lost as (update wedsync.photos set state = 'waiting', sha256 = null, attempts = 0, next_at = clock_timestamp()
    where list_id = p_list and key = p_key and state = 'stored' returning 1)
  select count(*)::text from lost
$$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname like 'ws\_photo%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
