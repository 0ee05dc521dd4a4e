-- Lists and their members. Readable by members through RLS; written by the relay's functions only.
create table public.lists (
  id text primary key check (id ~ '^l_[A-Za-z0-9_-]{22}$'),
  name text not null check (char_length(name) between 1 and 200),
  owner uuid not null,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);

create table public.list_members (
  list_id text not null references public.lists on delete cascade,
  user_id uuid not null,
  role text not null check (role in ('owner', 'editor', 'viewer')),
  email text,
  created_at timestamptz not null default now(),
  primary key (list_id, user_id)
);
create index list_members_user on public.list_members (user_id);

alter table public.lists enable row level security;
alter table public.list_members enable row level security;

-- The caller's role in a list, '' for none. Security definer: a policy on list_members that reads list_members would
-- otherwise call itself.
create function public.ws_my_role(p_list text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select m.role from public.list_members m where m.list_id = p_list and m.user_id = auth.uid()), '')
$$;

create policy lists_read on public.lists for select to authenticated using (public.ws_my_role(id) <> '');
create policy members_read on public.list_members for select to authenticated using (public.ws_my_role(list_id) <> '');
revoke all on public.lists, public.list_members from anon, authenticated;
grant select on public.lists, public.list_members to authenticated;

-- A new list, its owner, and its empty documents, or 'exists'.
create function public.ws_list_create(p_id text, p_name text, p_owner text, p_email text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.lists (id, name, owner) values (p_id, p_name, p_owner::uuid) on conflict do nothing;
  if not found then return 'exists'; end if;
  insert into public.list_members (list_id, user_id, role, email) values (p_id, p_owner::uuid, 'owner', nullif(p_email, ''));
  insert into wedsync.documents (doc_id, kind, list_id) values (p_id, 'list', p_id);
  insert into wedsync.documents (doc_id, kind, list_id) select p_id || '.notes.' || n, 'notes', p_id from generate_series(0, 15) n;
  return 'ok';
end $$;

create function public.ws_role(p_list text, p_user text) returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select m.role from public.list_members m where m.list_id = p_list and m.user_id::text = p_user), '')
$$;

-- Adds a member or changes their role; '' removes them. An owner stays an owner here: transfer is a step of its own.
create function public.ws_member_set(p_list text, p_user text, p_role text, p_email text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.list_members where list_id = p_list and user_id = p_user::uuid and role = 'owner') then
    return 'owner';
  end if;
  if p_role = '' then
    delete from public.list_members where list_id = p_list and user_id = p_user::uuid;
  else
    insert into public.list_members (list_id, user_id, role, email) values (p_list, p_user::uuid, p_role, nullif(p_email, ''))
    on conflict (list_id, user_id) do update set role = excluded.role, email = coalesce(excluded.email, list_members.email);
  end if;
  return 'ok';
end $$;
