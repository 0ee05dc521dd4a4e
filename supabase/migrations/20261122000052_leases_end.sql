-- Ends all leases: what a relay that was killed had taken is free at once. Only for a database that one relay alone
-- uses, called before it takes anything.
create function public.ws_leases_end() returns text language plpgsql security definer set search_path = '' as $$
begin
  update wedsync.inbox set lease_token = null, lease_until = null where state = 'waiting' and lease_until is not null;
  update wedsync.source_accounts set lease_token = null, lease_until = null where lease_until is not null;
  update wedsync.photos set lease_token = null, lease_until = null where lease_until is not null;
  return 'ok';
end $$;
revoke all on function public.ws_leases_end() from public, anon, authenticated;
grant execute on function public.ws_leases_end() to service_role;
