-- What was refused for good in the last seven days, for whoever looks after the relay, worst first:
-- [{documentId, code, detail, by, count, at}…] with the address of whoever sent it, or how the log would name them.
create function public.ws_refused_lately(p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('documentId', q.doc_id, 'code', q.code, 'detail', q.detail,
      'by', coalesce((select u.email from auth.users u where u.id::text = q.sender), q.sender),
      'count', q.count, 'at', wedsync.ms(q.at)) order by q.count desc, q.at desc), '[]')::text
    from (select r.doc_id, r.sender, r.code, r.detail, count(*) as count, max(r.created_at) as at
            from wedsync.quarantine r where r.created_at > clock_timestamp() - interval '7 days'
           group by r.doc_id, r.sender, r.code, r.detail
           order by count(*) desc, max(r.created_at) desc limit p_limit::int) q
$$;
revoke all on function public.ws_refused_lately(text) from public, anon, authenticated;
grant execute on function public.ws_refused_lately(text) to service_role;
