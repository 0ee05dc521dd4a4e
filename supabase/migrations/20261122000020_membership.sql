-- What people do with lists and accounts: rename and archive, invite, change roles, hand over, leave; reset a password,
-- delete an account with all its data. Tokens are kept as hashes alone.
create table wedsync.invitations (
  id text primary key default 'inv_' || replace(gen_random_uuid()::text, '-', ''),
  list_id text not null references public.lists on delete cascade,
  email text not null check (char_length(email) between 3 and 320),
  role text not null check (role in ('editor', 'viewer')),
  token_hash text not null unique,
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid
);
create index invitations_list on wedsync.invitations (list_id, email);

create table wedsync.password_resets (
  token_hash text primary key,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index password_resets_user on wedsync.password_resets (user_id);

alter table wedsync.invitations enable row level security;
alter table wedsync.password_resets enable row level security;

-- Lists of a person that are put away.
create function public.ws_lists_archived(p_user text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'role', m.role, 'records',
      (select count(*) from public.client_list_cache c where c.list_id = l.id and c.deleted_at is null))
      order by l.archived_at desc), '[]')::text
    from public.lists l join public.list_members m on m.list_id = l.id and m.user_id = p_user::uuid
   where l.archived_at is not null
$$;

-- 'ok', or 'gone'. An empty argument leaves that side as it is.
create function public.ws_list_change(p_list text, p_name text, p_archived text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  update public.lists set name = coalesce(nullif(p_name, ''), name),
    archived_at = case p_archived when 'true' then coalesce(archived_at, now()) when 'false' then null
                                  else archived_at end
   where id = p_list;
  return case when found then 'ok' else 'gone' end;
end $$;

-- {members: [{userId, email, role, since}…], invitations: [{id, email, role, createdAt, expiresAt}…]}, oldest first.
create function public.ws_members(p_list text) returns text
language sql stable security definer set search_path = '' as $$
  select json_build_object(
    'members', (select coalesce(json_agg(json_build_object('userId', m.user_id, 'email', m.email, 'role', m.role,
        'since', wedsync.ms(m.created_at)) order by m.role <> 'owner', m.created_at, m.user_id), '[]')
      from public.list_members m where m.list_id = p_list),
    'invitations', (select coalesce(json_agg(json_build_object('id', i.id, 'email', i.email, 'role', i.role,
        'createdAt', wedsync.ms(i.created_at), 'expiresAt', wedsync.ms(i.expires_at)) order by i.created_at, i.id), '[]')
      from wedsync.invitations i
     where i.list_id = p_list and i.accepted_at is null and i.expires_at > now()))::text
$$;

-- {"id"}, or {"error"} with member (is one already) or too-many. A second invitation of an address replaces the first.
create function public.ws_invite(p_list text, p_email text, p_role text, p_hash text, p_by text, p_expires text,
  p_limit text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_id text;
begin
  perform 1 from public.lists where id = p_list for update;
  if exists (select from public.list_members m where m.list_id = p_list and lower(m.email) = lower(p_email)) then
    return '{"error":"member"}';
  end if;
  delete from wedsync.invitations i where i.list_id = p_list and i.accepted_at is null
     and (lower(i.email) = lower(p_email) or i.expires_at <= now() - interval '30 days');
  if (select count(*) from wedsync.invitations i where i.list_id = p_list
       and i.created_at > now() - interval '1 day') >= p_limit::int then
    return '{"error":"too-many"}';
  end if;
  insert into wedsync.invitations (list_id, email, role, token_hash, invited_by, expires_at)
  values (p_list, p_email, p_role, p_hash, p_by::uuid, to_timestamp(p_expires::double precision / 1000)) returning id into v_id;
  return json_build_object('id', v_id)::text;
end $$;

-- What the one who holds the link is shown before they decide; '' when it is used, taken back or too old.
create function public.ws_invitation(p_hash text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_object('listId', l.id, 'listName', l.name, 'role', i.role, 'email', i.email,
      'invitedBy', m.email, 'expiresAt', wedsync.ms(i.expires_at))::text
    from wedsync.invitations i join public.lists l on l.id = i.list_id
    left join public.list_members m on m.list_id = i.list_id and m.user_id = i.invited_by
   where i.token_hash = p_hash and i.accepted_at is null and i.expires_at > now()), '')
$$;

-- Makes the bearer a member, once: {listId, role}, or '' when the link is no longer good. Who is a member already keeps
-- the wider role.
create function public.ws_invitation_accept(p_hash text, p_user text, p_email text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  i wedsync.invitations;
  v_role text;
begin
  update wedsync.invitations set accepted_at = now(), accepted_by = p_user::uuid
   where token_hash = p_hash and accepted_at is null and expires_at > now() returning * into i;
  if not found then return ''; end if;
  insert into public.list_members as m (list_id, user_id, role, email)
  values (i.list_id, p_user::uuid, i.role, nullif(p_email, ''))
  on conflict (list_id, user_id) do update set
    role = case when m.role = 'viewer' then excluded.role else m.role end returning m.role into v_role;
  return json_build_object('listId', i.list_id, 'role', v_role)::text;
end $$;

create function public.ws_invitation_revoke(p_list text, p_id text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  delete from wedsync.invitations where list_id = p_list and id = p_id and accepted_at is null;
  return case when found then 'ok' else 'gone' end;
end $$;

-- Hands a list over to another member; the former owner stays as an editor. 'ok', or 'no-member'.
create function public.ws_list_transfer(p_list text, p_from text, p_to text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform 1 from public.lists where id = p_list and owner = p_from::uuid for update;
  if not found or p_from = p_to
     or not exists (select from public.list_members where list_id = p_list and user_id = p_to::uuid) then
    return 'no-member';
  end if;
  update public.lists set owner = p_to::uuid where id = p_list;
  update public.list_members set role = case when user_id = p_to::uuid then 'owner' else 'editor' end
   where list_id = p_list and user_id in (p_from::uuid, p_to::uuid);
  update public.client_list_cache set supplier_id = p_to::uuid where list_id = p_list;
  return 'ok';
end $$;

-- Keeps one reset link per account: the newest.
create function public.ws_reset_put(p_user text, p_hash text, p_expires text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  delete from wedsync.password_resets where user_id = p_user::uuid or expires_at <= now();
  insert into wedsync.password_resets (token_hash, user_id, expires_at)
  values (p_hash, p_user::uuid, to_timestamp(p_expires::double precision / 1000));
  return 'ok';
end $$;

-- Uses a reset link up: {userId, email}, or ''.
create function public.ws_reset_take(p_hash text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_user uuid;
begin
  delete from wedsync.password_resets where token_hash = p_hash and expires_at > now() returning user_id into v_user;
  if v_user is null then return ''; end if;
  return coalesce((select json_build_object('userId', u.id, 'email', u.email)::text from auth.users u where u.id = v_user), '');
end $$;

-- Ends every sign-in of an account; tokens that are out run off within the hour.
create function public.ws_sessions_end(p_user text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  delete from auth.refresh_tokens where user_id::text = p_user;
  delete from auth.sessions where user_id::text = p_user;
  return 'ok';
end $$;

-- Deletes an account: its own lists with documents, snapshots, history, read model, sources and audit; its name in lists
-- of others. What it wrote there stays, as written by nobody.
create function public.ws_account_delete(p_user text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := p_user::uuid;
  v_email text := (select u.email from auth.users u where u.id = p_user::uuid);
  v_lists text[] := (select coalesce(array_agg(l.id), '{}') from public.lists l where l.owner = p_user::uuid);
  v_docs text[] := (select coalesce(array_agg(d.doc_id), '{}') from wedsync.documents d where d.list_id = any (v_lists));
begin
  delete from wedsync.quarantine where doc_id = any (v_docs) or sender = p_user;
  delete from wedsync.audit_log where list_id = any (v_lists);
  delete from wedsync.documents where doc_id = any (v_docs);
  delete from public.lists where id = any (v_lists);

  delete from public.list_members where user_id = v_user;
  delete from public.client_changes where created_by = v_user;
  delete from wedsync.invitations where accepted_by = v_user or invited_by = v_user or lower(email) = lower(v_email);
  delete from wedsync.password_resets where user_id = v_user;
  update wedsync.audit_log set actor = 'deleted' where actor = p_user;
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
     where p.pronamespace = 'public'::regnamespace and p.proname in ('ws_lists_archived', 'ws_list_change', 'ws_members',
       'ws_invite', 'ws_invitation', 'ws_invitation_accept', 'ws_invitation_revoke', 'ws_list_transfer', 'ws_reset_put',
       'ws_reset_take', 'ws_sessions_end', 'ws_account_delete')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
