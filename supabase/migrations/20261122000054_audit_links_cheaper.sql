-- As before, compared as rows in place of JSON: with the looks by key below, a link costs the embedded default a third less.
create or replace function wedsync.audit_append_only() returns trigger language plpgsql set search_path = '' as $$
declare
  -- Inside of the functions that may it is the owner of the tables who writes.
  v_ours boolean := current_user not in ('anon', 'authenticated', 'service_role');
  v_erasing boolean := v_ours and coalesce(current_setting('wedsync.audit_erase', true), '') = 'on';
begin
  if tg_table_name = 'audit_log' then
    if tg_op = 'DELETE' and v_erasing then return old; end if;
    if tg_op = 'UPDATE' then
      if v_ours and new.sealed then
        old.sealed := true;
        if new is not distinct from old then return new; end if;
      end if;
      if v_erasing and new.actor = 'deleted' then
        old.actor := 'deleted';
        if new is not distinct from old then return new; end if;
      end if;
    end if;
  elsif tg_op = 'UPDATE' and v_erasing then
    old.erased_by := new.erased_by;
    old.actor_erased_by := new.actor_erased_by;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'the audit log only grows' using errcode = '42501';
end $$;

-- As before; one look by key for each row, however long the chain has grown.
create or replace function public.ws_audit_unsealed(p_known text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select json_build_object(
    'n', coalesce((select max(c.n) from wedsync.audit_chain c), 0),
    'mac', coalesce((select c.mac from wedsync.audit_chain c order by c.n desc limit 1), ''),
    'knownMac', coalesce((select c.mac from wedsync.audit_chain c where c.n = p_known::bigint), ''),
    'rows', (select coalesce(json_agg(json_build_array(u.id, wedsync.audit_content(u), u.actor) order by u.id), '[]')
      from (select * from wedsync.audit_log l
             where not l.sealed and not exists (select from wedsync.audit_chain c where c.audit_id = l.id offset 0)
             order by l.id limit p_limit::int) u))::text
$$;

create or replace function public.ws_audit_seal(p_n text, p_mac text, p_ids text[], p_contents text[], p_actors text[],
  p_content_macs text[], p_actor_macs text[], p_macs text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare v_last wedsync.audit_chain;
begin
  perform pg_advisory_xact_lock(7031143);
  select * into v_last from wedsync.audit_chain order by n desc limit 1;
  if coalesce(v_last.n, 0) <> p_n::bigint or coalesce(v_last.mac, '') <> p_mac then return 'conflict'; end if;
  if (select count(*) from unnest(p_ids, p_contents, p_actors) as r(id, content, actor)
       cross join lateral (select k.* from wedsync.audit_log k where k.id = r.id::bigint offset 0) l
       where not l.sealed and l.actor = r.actor and wedsync.audit_content(l) = r.content) <> cardinality(p_ids)
  then return 'conflict'; end if;
  insert into wedsync.audit_chain (n, audit_id, content_mac, actor_mac, mac)
  select p_n::bigint + r.ord, r.id::bigint, r.content_mac, r.actor_mac, r.mac
    from unnest(p_ids, p_content_macs, p_actor_macs, p_macs) with ordinality as r(id, content_mac, actor_mac, mac, ord);
  update wedsync.audit_log set sealed = true where id = any (p_ids::bigint[]);
  return 'ok';
end $$;
alter function public.ws_audit_unsealed(text, text) set plan_cache_mode = force_custom_plan;
alter function public.ws_audit_seal(text, text, text[], text[], text[], text[], text[], text[]) set plan_cache_mode = force_custom_plan;
