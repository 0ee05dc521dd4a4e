-- The audit log only grows, and its rows are chained so that what was changed, put in or taken away shows. The relay
-- makes the links with a key that the database never sees: whoever can write here cannot make them. Retention and the
-- end of an account take rows, or the name in them, away; the link stays and says which later row tells why.
alter table wedsync.audit_log add column sealed boolean not null default false;
create index audit_unsealed on wedsync.audit_log (id) where not sealed;
create index audit_actor on wedsync.audit_log (actor);
create index audit_at on wedsync.audit_log (at);

create table wedsync.audit_chain (
  n bigint primary key check (n > 0),
  audit_id bigint not null unique,
  content_mac text not null,
  actor_mac text not null,
  -- Over the link before, this number, and the two above.
  mac text not null,
  -- The row that says that this one is gone, or its actor.
  erased_by bigint,
  actor_erased_by bigint
);
alter table wedsync.audit_chain enable row level security;

create function wedsync.audit_append_only() returns trigger language plpgsql set search_path = '' as $$
declare
  -- Inside of the functions below it is the owner of the tables who writes.
  v_ours boolean := current_user not in ('anon', 'authenticated', 'service_role');
  v_erasing boolean := v_ours and coalesce(current_setting('wedsync.audit_erase', true), '') = 'on';
begin
  if tg_table_name = 'audit_log' then
    if tg_op = 'DELETE' and v_erasing then return old; end if;
    if tg_op = 'UPDATE' then
      if v_erasing and new.actor = 'deleted' and to_jsonb(new) - 'actor' = to_jsonb(old) - 'actor' then return new; end if;
      if v_ours and new.sealed and to_jsonb(new) - 'sealed' = to_jsonb(old) - 'sealed' then return new; end if;
    end if;
  elsif tg_op = 'UPDATE' and v_erasing
    and to_jsonb(new) - '{erased_by,actor_erased_by}'::text[] = to_jsonb(old) - '{erased_by,actor_erased_by}'::text[]
  then
    return new;
  end if;
  raise exception 'the audit log only grows' using errcode = '42501';
end $$;
create trigger audit_log_append_only before update or delete on wedsync.audit_log
  for each row execute function wedsync.audit_append_only();
create trigger audit_log_keep before truncate on wedsync.audit_log
  for each statement execute function wedsync.audit_append_only();
create trigger audit_chain_append_only before update or delete on wedsync.audit_chain
  for each row execute function wedsync.audit_append_only();
create trigger audit_chain_keep before truncate on wedsync.audit_chain
  for each statement execute function wedsync.audit_append_only();

-- What a link vouches for, beside the actor. The form is final: links are made over this text.
create function wedsync.audit_content(a wedsync.audit_log) returns text language sql stable set search_path = '' as $$
  select jsonb_build_array(a.id, floor(extract(epoch from a.at) * 1000000)::bigint, a.list_id, a.action, a.outcome,
    a.reason, a.record_id, to_jsonb(a.fields), a.source_id, a.delivery_id, a.count)::text
$$;

-- {"n","mac","knownMac","rows":[[id, content, actor]…]}: the last link ('' before the first), link p_known ('' when it
-- is not there), and the rows that have no link yet.
create function public.ws_audit_unsealed(p_known text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select json_build_object(
    'n', coalesce((select max(c.n) from wedsync.audit_chain c), 0),
    'mac', coalesce((select c.mac from wedsync.audit_chain c order by c.n desc limit 1), ''),
    'knownMac', coalesce((select c.mac from wedsync.audit_chain c where c.n = p_known::bigint), ''),
    'rows', (select coalesce(json_agg(json_build_array(u.id, wedsync.audit_content(u), u.actor) order by u.id), '[]')
      from (select * from wedsync.audit_log l
             where not l.sealed and not exists (select from wedsync.audit_chain c where c.audit_id = l.id)
             order by l.id limit p_limit::int) u))::text
$$;

-- Adds links after link p_n with p_mac. 'conflict' when another relay was first, or a row is not any more what its link
-- was made over.
create function public.ws_audit_seal(p_n text, p_mac text, p_ids text[], p_contents text[], p_actors text[],
  p_content_macs text[], p_actor_macs text[], p_macs text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare v_last wedsync.audit_chain;
begin
  perform pg_advisory_xact_lock(7031143);
  select * into v_last from wedsync.audit_chain order by n desc limit 1;
  if coalesce(v_last.n, 0) <> p_n::bigint or coalesce(v_last.mac, '') <> p_mac then return 'conflict'; end if;
  if (select count(*) from unnest(p_ids, p_contents, p_actors) as r(id, content, actor)
        join wedsync.audit_log l on l.id = r.id::bigint
       where not l.sealed and l.actor = r.actor and wedsync.audit_content(l) = r.content) <> cardinality(p_ids)
  then return 'conflict'; end if;
  insert into wedsync.audit_chain (n, audit_id, content_mac, actor_mac, mac)
  select p_n::bigint + r.ord, r.id::bigint, r.content_mac, r.actor_mac, r.mac
    from unnest(p_ids, p_content_macs, p_actor_macs, p_macs) with ordinality as r(id, content_mac, actor_mac, mac, ord);
  update wedsync.audit_log set sealed = true where id = any (p_ids::bigint[]);
  return 'ok';
end $$;

-- Links after p_after, in order; content, actor, action and count are null when the row is gone.
create function public.ws_audit_chain(p_after text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('n', c.n, 'auditId', c.audit_id, 'contentMac', c.content_mac,
      'actorMac', c.actor_mac, 'mac', c.mac, 'erasedBy', c.erased_by, 'actorErasedBy', c.actor_erased_by,
      'content', case when l.id is null then null else wedsync.audit_content(l) end, 'actor', l.actor,
      'action', l.action, 'count', l.count) order by c.n), '[]')::text
    from (select * from wedsync.audit_chain k where k.n > p_after::bigint order by k.n limit p_limit::int) c
    left join wedsync.audit_log l on l.id = c.audit_id
$$;

-- Rows that say that they have a link and have none: [id…]
create function public.ws_audit_strays() returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(l.id order by l.id), '[]')::text from wedsync.audit_log l
   where l.sealed and not exists (select from wedsync.audit_chain c where c.audit_id = l.id)
$$;

-- Takes rows away, but for those that tell of such; one new row says so, and how many links it leaves without a row.
-- The caller holds the lock under which links are made.
create function wedsync.audit_erase(p_ids bigint[], p_action text) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_ids bigint[] := (select array_agg(l.id) from wedsync.audit_log l where l.id = any (p_ids) and l.action not like 'audit.%');
  v_row bigint;
begin
  if v_ids is null then return 0; end if;
  insert into wedsync.audit_log (actor, action, outcome, count)
  values ('service', p_action, 'done', (select count(*) from wedsync.audit_chain where audit_id = any (v_ids)))
  returning id into v_row;
  perform set_config('wedsync.audit_erase', 'on', true);
  update wedsync.audit_chain set erased_by = v_row where audit_id = any (v_ids);
  delete from wedsync.audit_log where id = any (v_ids);
  perform set_config('wedsync.audit_erase', 'off', true);
  return cardinality(v_ids);
end $$;

-- Takes a name away from the rows of others' lists; as above.
create function wedsync.audit_forget(p_actor text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_ids bigint[] := (select array_agg(l.id) from wedsync.audit_log l where l.actor = p_actor);
  v_row bigint;
begin
  if v_ids is null then return; end if;
  insert into wedsync.audit_log (actor, action, outcome, count)
  values ('service', 'audit.forgotten', 'done', (select count(*) from wedsync.audit_chain where audit_id = any (v_ids)))
  returning id into v_row;
  perform set_config('wedsync.audit_erase', 'on', true);
  update wedsync.audit_chain set actor_erased_by = v_row where audit_id = any (v_ids);
  update wedsync.audit_log set actor = 'deleted' where id = any (v_ids);
  perform set_config('wedsync.audit_erase', 'off', true);
end $$;

-- As before, and the chain of the audit log stays whole.
create or replace function public.ws_inbound_prune(p_audit_days text, p_body_days text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_count int;
begin
  perform pg_advisory_xact_lock(7031143);
  v_count := wedsync.audit_erase((select array_agg(l.id) from wedsync.audit_log l
    where l.at < now() - (p_audit_days || ' days')::interval), 'audit.retention');
  delete from wedsync.inbox where state in ('applied', 'ignored') and finished_at < now() - (p_body_days || ' days')::interval;
  return v_count::text;
end $$;

-- As before, and the chain of the audit log stays whole.
create or replace function public.ws_account_delete(p_user text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := p_user::uuid;
  v_email text := (select u.email from auth.users u where u.id = p_user::uuid);
  v_lists text[] := (select coalesce(array_agg(l.id), '{}') from public.lists l where l.owner = p_user::uuid);
  v_docs text[] := (select coalesce(array_agg(d.doc_id), '{}') from wedsync.documents d where d.list_id = any (v_lists));
begin
  perform pg_advisory_xact_lock(7031143);
  delete from wedsync.quarantine where doc_id = any (v_docs) or sender = p_user;
  perform wedsync.audit_erase((select array_agg(l.id) from wedsync.audit_log l where l.list_id = any (v_lists)), 'audit.erased');
  delete from wedsync.documents where doc_id = any (v_docs);
  delete from public.lists where id = any (v_lists);

  delete from public.list_members where user_id = v_user;
  delete from public.client_changes where created_by = v_user;
  delete from wedsync.invitations where accepted_by = v_user or invited_by = v_user or lower(email) = lower(v_email);
  delete from wedsync.password_resets where user_id = v_user;
  perform wedsync.audit_forget(p_user);
  update wedsync.field_history set sender = 'deleted' where sender = p_user;
  update wedsync.document_updates set sender = 'deleted', device = null where sender = p_user;
  update wedsync.sources set created_by = 'deleted' where created_by = p_user;
  delete from auth.users where id = v_user;
  return 'ok';
end $$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname like 'ws\_audit\_%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
