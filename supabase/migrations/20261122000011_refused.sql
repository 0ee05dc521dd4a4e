-- What was refused for good of a list and its notes, for the list's owner, newest first:
-- [{id, code, detail, bytes, at, by}…] with the address of whoever sent it, '' for none.
create function public.ws_refused(p_list text, p_limit text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', q.id::text, 'code', q.code, 'detail', q.detail,
      'bytes', octet_length(q.data), 'at', wedsync.ms(q.created_at),
      'by', coalesce((select u.email from auth.users u where u.id::text = q.sender), '')) order by q.id desc), '[]')::text
    from (select r.* from wedsync.quarantine r
           where r.doc_id in (select d.doc_id from wedsync.documents d where d.list_id = p_list)
           order by r.id desc limit p_limit::int) q
$$;
revoke all on function public.ws_refused(text, text) from public, anon, authenticated;
grant execute on function public.ws_refused(text, text) to service_role;
