-- A token of an account that is deleted is good until it ends by itself: it must not make anything any more, or there
-- would be lists that belong to nobody. Kept longer than any token lives.
create table wedsync.ended_accounts (
  user_id text primary key,
  at timestamptz not null default clock_timestamp()
);
alter table wedsync.ended_accounts enable row level security;

-- Whether an account is deleted; it is not while the transaction of the caller runs.
create function wedsync.has_ended(p_user text) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(7031144, hashtext(p_user));
  return exists (select from wedsync.ended_accounts where user_id = p_user);
end $$;

-- As before, and 'no-account' for somebody whose account is deleted.
create or replace function public.ws_list_create(p_id text, p_name text, p_owner text, p_email text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  if wedsync.has_ended(p_owner) then return 'no-account'; end if;
  insert into public.lists (id, name, owner) values (p_id, p_name, p_owner::uuid) on conflict do nothing;
  if not found then return 'exists'; end if;
  insert into public.list_members (list_id, user_id, role, email) values (p_id, p_owner::uuid, 'owner', nullif(p_email, ''));
  insert into wedsync.documents (doc_id, kind, list_id) values (p_id, 'list', p_id);
  insert into wedsync.documents (doc_id, kind, list_id) select p_id || '.notes.' || n, 'notes', p_id from generate_series(0, 15) n;
  return 'ok';
end $$;

-- As before, and not for somebody whose account is deleted.
alter function public.ws_invitation_accept(text, text, text) rename to invitation_accept;
alter function public.invitation_accept(text, text, text) set schema wedsync;
create function public.ws_invitation_accept(p_hash text, p_user text, p_email text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  if wedsync.has_ended(p_user) then return ''; end if;
  return wedsync.invitation_accept(p_hash, p_user, p_email);
end $$;

-- As before, and remembers that the account has ended.
alter function public.ws_account_delete(text) rename to account_delete;
alter function public.account_delete(text) set schema wedsync;
create function public.ws_account_delete(p_user text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  if not wedsync.has_ended(p_user) then insert into wedsync.ended_accounts (user_id) values (p_user); end if;
  delete from wedsync.ended_accounts where at < clock_timestamp() - interval '30 days';
  return wedsync.account_delete(p_user);
end $$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and p.proname in ('ws_list_create', 'ws_invitation_accept', 'ws_account_delete')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
