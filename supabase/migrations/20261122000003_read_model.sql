-- What is derived from the documents: current rows for other programs, and the history of every field.
create table public.client_list_cache (
  list_id text not null references public.lists on delete cascade,
  record_id text not null,
  -- The list's owner: what other programs filter by.
  supplier_id uuid not null,
  first_name text,
  last_name text,
  partner_first_name text,
  partner_last_name text,
  email text,
  phone text,
  wedding_date date,
  wedding_time text,
  venue text,
  status text,
  package_name text,
  price_minor bigint,
  price_currency text,
  photo text,
  lead_source text,
  tags text[] not null default '{}',
  -- All shown values by their names in the document, the raw form of dates and prices included.
  fields jsonb not null default '{}',
  version bigint not null,
  conflict boolean not null default false,
  deleted_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (list_id, record_id)
);
create index client_list_cache_supplier on public.client_list_cache (supplier_id, version);
create index client_list_cache_version on public.client_list_cache (list_id, version);
alter table public.client_list_cache replica identity full;
alter table public.client_list_cache enable row level security;
create policy cache_read on public.client_list_cache for select to authenticated using (public.ws_my_role(list_id) <> '');
revoke all on public.client_list_cache from anon, authenticated;
grant select on public.client_list_cache to authenticated;
do $$ begin
  if exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table public.client_list_cache;
  end if;
end $$;

-- The way in for other programs: editors insert, the relay drains.
create table public.client_changes (
  id uuid primary key default gen_random_uuid(),
  list_id text not null references public.lists on delete cascade,
  external_id text check (char_length(external_id) <= 200),
  event text not null check (event in ('client.created', 'client.updated', 'client.deleted', 'wedding.date_changed')),
  changes jsonb not null default '{}' check (octet_length(changes::text) <= 65536),
  occurred_at timestamptz,
  created_by uuid not null default auth.uid(),
  created_at timestamptz not null default now()
);
alter table public.client_changes enable row level security;
create policy changes_read on public.client_changes for select to authenticated using (created_by = auth.uid());
create policy changes_insert on public.client_changes for insert to authenticated
  with check (created_by = auth.uid() and public.ws_my_role(list_id) in ('owner', 'editor'));
revoke all on public.client_changes from anon, authenticated;
grant select, insert on public.client_changes to authenticated;

-- A primary record, not rebuildable: who or what wrote which value, when it was first stored, when it was replaced.
create table wedsync.field_history (
  list_id text not null references public.lists on delete cascade,
  record_id text not null,
  -- '#deleted' for the deletion of the record itself, '*' for its creation with all values in one row.
  field text not null,
  hlc bigint not null,
  actor bigint not null,
  -- JSON of the value; null when erased.
  value text,
  sender text not null,
  stored_at timestamptz not null,
  replaced_at timestamptz,
  primary key (list_id, record_id, field, hlc, actor)
);
alter table wedsync.field_history enable row level security;

-- One step of the projection, all or nothing: rows and history of the updates after p_from up to p_to. With p_to =
-- p_from it is a part of a step: written, but not counted as projected, and repeated if the rest never comes.
-- 'ok', or 'conflict' when another relay came first. Rows: [{recordId, fields, …}], see packages/relay/src/writer.
create function public.ws_project(p_doc text, p_from text, p_to text, p_rows text, p_history text) returns text
language plpgsql security definer set search_path = '' as $$
declare d wedsync.documents;
begin
  select * into d from wedsync.documents where doc_id = p_doc for update;
  if not found or d.projected_seq <> p_from::bigint or p_to::bigint > d.head then return 'conflict'; end if;
  perform wedsync.put_history(d.list_id, p_history::json);
  insert into public.client_list_cache (list_id, record_id, supplier_id, first_name, last_name, partner_first_name,
         partner_last_name, email, phone, wedding_date, wedding_time, venue, status, package_name, price_minor,
         price_currency, photo, lead_source, tags, fields, version, conflict, deleted_at, updated_at)
  select d.list_id, r."recordId", l.owner, r."firstName", r."lastName", r."partnerFirstName", r."partnerLastName",
         r.email, r.phone, r."weddingDate"::date, r."weddingTime", r.venue, r.status, r."packageName", r."priceMinor",
         r."priceCurrency", r.photo, r."leadSource",
         coalesce((select array_agg(t.tag) from json_array_elements_text(r.tags) as t(tag)), '{}'),
         r.fields::jsonb, r.version, r.conflict, to_timestamp(r."deletedAt" / 1000.0), now()
    from json_to_recordset(p_rows::json) as r("recordId" text, "firstName" text, "lastName" text,
         "partnerFirstName" text, "partnerLastName" text, email text, phone text, "weddingDate" text,
         "weddingTime" text, venue text, status text, "packageName" text, "priceMinor" bigint, "priceCurrency" text,
         photo text, "leadSource" text, tags json, fields json, version bigint, conflict boolean,
         "deletedAt" double precision)
    join public.lists l on l.id = d.list_id
    on conflict (list_id, record_id) do update set
      supplier_id = excluded.supplier_id, first_name = excluded.first_name, last_name = excluded.last_name,
      partner_first_name = excluded.partner_first_name, partner_last_name = excluded.partner_last_name,
      email = excluded.email, phone = excluded.phone, wedding_date = excluded.wedding_date,
      wedding_time = excluded.wedding_time, venue = excluded.venue, status = excluded.status,
      package_name = excluded.package_name, price_minor = excluded.price_minor,
      price_currency = excluded.price_currency, photo = excluded.photo, lead_source = excluded.lead_source,
      tags = excluded.tags, fields = excluded.fields, version = excluded.version, conflict = excluded.conflict,
      deleted_at = excluded.deleted_at, updated_at = excluded.updated_at;
  update wedsync.documents set projected_seq = p_to::bigint where doc_id = p_doc;
  return 'ok';
end $$;

-- Lists of a person ('' for all lists), with their role and the number of couples.
create function public.ws_lists(p_user text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'role', m.role, 'owner', l.owner,
      'ownerEmail', o.email, 'records',
      (select count(*) from public.client_list_cache c where c.list_id = l.id and c.deleted_at is null)) order by l.created_at),
    '[]')::text
    from public.lists l
    join public.list_members m on m.list_id = l.id
     and m.user_id = case when p_user = '' then l.owner else p_user::uuid end
    left join public.list_members o on o.list_id = l.id and o.user_id = l.owner
   where l.archived_at is null
$$;

-- Lists whose projection is behind their log.
create function public.ws_unprojected(p_limit text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(d.doc_id), '[]')::text from (
    select doc_id from wedsync.documents where kind = 'list' and projected_seq < head order by doc_id limit p_limit::int) d
$$;

-- History of records: [{recordId, field, hlc, actor, value, sender, email, storedAt, replacedAt}…], newest first.
create function public.ws_history(p_list text, p_records text[]) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('recordId', h.record_id, 'field', h.field, 'hlc', h.hlc, 'actor', h.actor,
      'value', h.value, 'sender', h.sender, 'email', m.email,
      'storedAt', floor(extract(epoch from h.stored_at) * 1000), 'replacedAt', floor(extract(epoch from h.replaced_at) * 1000))
      order by h.stored_at desc, h.hlc desc), '[]')::text
    from wedsync.field_history h
    left join public.list_members m on m.list_id = h.list_id and m.user_id::text = h.sender
   where h.list_id = p_list and h.record_id = any (p_records)
$$;
