-- Which of these sources there are: a JSON array of their ids. What strangers made up is asked about many at a time.
create function public.ws_sources_known(p_ids text[]) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(s.id), '[]')::text from wedsync.sources s where s.id = any(p_ids) and s.state <> 'deleted'
$$;
revoke all on function public.ws_sources_known(text[]) from public, anon, authenticated;
grant execute on function public.ws_sources_known(text[]) to service_role;
