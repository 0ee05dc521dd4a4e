-- Functions are callable by everybody unless said otherwise: the relay's are for service_role alone.
do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname like 'ws\_%' and p.proname <> 'ws_my_role'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
revoke all on function public.ws_my_role(text) from public, anon;
grant execute on function public.ws_my_role(text) to authenticated, service_role;
