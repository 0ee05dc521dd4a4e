-- For other programs: their changes on the way into the inbox, the read model built anew, and who may hear of a list.

-- Moves rows of client_changes into the inbox, each list's under a source of its own, in one transaction. Signed by
-- nobody: row-level security let an editor in. The sources that got something: [source…].
create function public.ws_changes_drain(p_limit text) returns text
language plpgsql security definer set search_path = '' as $$
declare answer text;
begin
  with taken as (
    delete from public.client_changes c using (
      select k.id from public.client_changes k
       where not exists (select from wedsync.sources s where s.id = 'src_' || substr(k.list_id, 3) and s.state = 'deleted')
       order by k.created_at, k.id limit p_limit::int for update skip locked) due
     where c.id = due.id returning c.*
  ), made as (
    insert into wedsync.sources (id, list_id, name, provider, settle_ms, created_by)
    select distinct 'src_' || substr(t.list_id, 3), t.list_id, 'Programs (client_changes)', 'standard', 86400000, 'service'
      from taken t
    on conflict (id) do nothing
  ), put as (
    select t.*, 'src_' || substr(t.list_id, 3) as source_id, convert_to(json_build_object('type', t.event,
        'timestamp', to_char(coalesce(t.occurred_at, t.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', json_build_object('clientId', t.external_id, 'changes', t.changes))::text, 'UTF8') as body
      from taken t
  ), noted as (
    select wedsync.audit((select json_agg(json_build_object('listId', p.list_id, 'actor', p.created_by, 'action', 'change',
      'outcome', 'accepted', 'sourceId', p.source_id)) from put p)) from put limit 1
  )
  select json_build_object('rows', coalesce(json_agg(json_build_object('sourceId', p.source_id, 'listId', p.list_id,
      'id', p.id, 'body', wedsync.to_base64(p.body), 'event', p.event, 'orderKey', coalesce(p.external_id, ''))
      order by p.created_at, p.id), '[]'), 'noted', (select count(*) from noted))::text into answer from put p;
  -- A foreign key is checked at the end of each statement: the sources stand before their rows.
  insert into wedsync.inbox (source_id, list_id, event_id, event_key, body, event, order_key, state)
  select r."sourceId", r."listId", r.id, r.id, decode(r.body, 'base64'), r.event, r."orderKey", 'waiting'
    from json_to_recordset(answer::json -> 'rows') as r("sourceId" text, "listId" text, id text, body text, event text,
         "orderKey" text)
  on conflict (source_id, event_id) do nothing;
  update wedsync.sources set last_event_at = now()
   where id in (select r."sourceId" from json_to_recordset(answer::json -> 'rows') as r("sourceId" text));
  return coalesce((select json_agg(distinct r."sourceId")::text
    from json_to_recordset(answer::json -> 'rows') as r("sourceId" text)), '[]');
end $$;

-- Rows of a list built anew from its document as of p_seq, which must be what is projected: 'ok' or 'conflict'. A row that
-- says the same keeps its version; one that differs gets p_seq. p_ids: all records of the document, given with the last
-- piece; other rows go, but for purged ones, which have no values and no record to come from.
create function public.ws_rebuild(p_doc text, p_seq text, p_rows text, p_ids text[], p_is_last text) returns text
language plpgsql security definer set search_path = '' as $$
declare d wedsync.documents;
begin
  select * into d from wedsync.documents where doc_id = p_doc for update;
  if not found or d.projected_seq <> p_seq::bigint then return 'conflict'; end if;
  insert into public.client_list_cache as c (list_id, record_id, supplier_id, first_name, last_name, partner_first_name,
         partner_last_name, email, phone, wedding_date, wedding_time, venue, status, package_name, price_minor,
         price_currency, photo, lead_source, tags, fields, version, conflict, deleted_at, updated_at)
  select d.list_id, r."recordId", l.owner, r."firstName", r."lastName", r."partnerFirstName", r."partnerLastName",
         r.email, r.phone, r."weddingDate"::date, r."weddingTime", r.venue, r.status, r."packageName", r."priceMinor",
         r."priceCurrency", r.photo, r."leadSource",
         coalesce((select array_agg(t.tag) from json_array_elements_text(r.tags) as t(tag)), '{}'),
         r.fields::jsonb, p_seq::bigint, r.conflict,
         case when r."deletedAt" is null then null else coalesce((select max(h.stored_at) from wedsync.field_history h
           where h.list_id = d.list_id and h.record_id = r."recordId" and h.field = '#deleted'), now()) end, now()
    from json_to_recordset(p_rows::json) as r("recordId" text, "firstName" text, "lastName" text,
         "partnerFirstName" text, "partnerLastName" text, email text, phone text, "weddingDate" text,
         "weddingTime" text, venue text, status text, "packageName" text, "priceMinor" bigint, "priceCurrency" text,
         photo text, "leadSource" text, tags json, fields json, conflict boolean, "deletedAt" double precision)
    join public.lists l on l.id = d.list_id
    on conflict (list_id, record_id) do update set
      supplier_id = excluded.supplier_id, first_name = excluded.first_name, last_name = excluded.last_name,
      partner_first_name = excluded.partner_first_name, partner_last_name = excluded.partner_last_name,
      email = excluded.email, phone = excluded.phone, wedding_date = excluded.wedding_date,
      wedding_time = excluded.wedding_time, venue = excluded.venue, status = excluded.status,
      package_name = excluded.package_name, price_minor = excluded.price_minor,
      price_currency = excluded.price_currency, photo = excluded.photo, lead_source = excluded.lead_source,
      tags = excluded.tags, fields = excluded.fields, version = excluded.version, conflict = excluded.conflict,
      deleted_at = case when excluded.deleted_at is null then null else coalesce(c.deleted_at, excluded.deleted_at) end,
      updated_at = excluded.updated_at
    where (c.supplier_id, c.first_name, c.last_name, c.partner_first_name, c.partner_last_name, c.email, c.phone,
           c.wedding_date, c.wedding_time, c.venue, c.status, c.package_name, c.price_minor, c.price_currency, c.photo,
           c.lead_source, c.tags, c.fields, c.conflict, c.deleted_at is null)
      is distinct from (excluded.supplier_id, excluded.first_name, excluded.last_name, excluded.partner_first_name,
           excluded.partner_last_name, excluded.email, excluded.phone, excluded.wedding_date, excluded.wedding_time,
           excluded.venue, excluded.status, excluded.package_name, excluded.price_minor, excluded.price_currency,
           excluded.photo, excluded.lead_source, excluded.tags, excluded.fields, excluded.conflict,
           excluded.deleted_at is null);
  if p_is_last = 'true' then
    delete from public.client_list_cache c where c.list_id = d.list_id and not (c.record_id = any (p_ids))
       and (c.deleted_at is null or c.fields <> '{}');
  end if;
  return 'ok';
end $$;

-- Ids of all lists, those put away included: [{id}…].
create function public.ws_list_ids() returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', l.id) order by l.created_at, l.id), '[]')::text from public.lists l
$$;

-- Old values of a field are kept for two years after they were replaced; what stands is kept. How many went.
create function public.ws_history_trim(p_days text, p_limit text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_count int;
begin
  delete from wedsync.field_history f where (f.list_id, f.record_id, f.field, f.hlc, f.actor) in (
    select h.list_id, h.record_id, h.field, h.hlc, h.actor from wedsync.field_history h
     where h.replaced_at < now() - make_interval(days => p_days::int) and h.field not in ('*', '#deleted')
     limit p_limit::int);
  get diagnostics v_count = row_count;
  return v_count::text;
end $$;
create index field_history_replaced on wedsync.field_history (replaced_at) where replaced_at is not null;

-- What `npm run doctor` looks at: {now, migrations: [version…] or null, published: [table…], open: [tables without
-- row-level security…], identity: replica identity of the read model}.
create function public.ws_doctor() returns text language plpgsql stable security definer set search_path = '' as $$
declare v_migrations json := null;
begin
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    execute 'select json_agg(version order by version) from supabase_migrations.schema_migrations' into v_migrations;
  end if;
  return json_build_object('now', wedsync.ms(clock_timestamp()), 'migrations', v_migrations,
    'published', (select coalesce(json_agg(t.tablename order by t.tablename), '[]') from pg_catalog.pg_publication_tables t
                   where t.pubname = 'supabase_realtime' and t.schemaname = 'public'),
    'open', (select coalesce(json_agg(c.relnamespace::regnamespace || '.' || c.relname), '[]') from pg_catalog.pg_class c
              where c.relkind in ('r', 'p') and not c.relrowsecurity
                and c.relnamespace in ('public'::regnamespace, 'wedsync'::regnamespace)),
    'identity', (select c.relreplident from pg_catalog.pg_class c where c.oid = 'public.client_list_cache'::regclass))::text;
end $$;

do $$ begin
  -- The relay is woken by a row; with Realtime of a hosted project alone.
  if exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table public.client_changes;
  end if;
  -- Members of a list may hear what the relay says on client-updates:<list id>; nobody but the service speaks there.
  if to_regclass('realtime.messages') is not null then
    execute $policy$ create policy wedsync_hear on realtime.messages for select to authenticated
      using (public.ws_my_role(substr(realtime.topic(), 16)) <> '' and realtime.topic() like 'client-updates:%') $policy$;
  end if;
end $$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname in ('ws_changes_drain', 'ws_rebuild', 'ws_history_trim',
       'ws_list_ids', 'ws_doctor')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
