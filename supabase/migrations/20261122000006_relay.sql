-- What the relay asks besides documents and lists: rights that are in use, and accounts by address.

-- Roles of p_users[i] in p_lists[i], in order, '' for none: [role…]. Ids that are no uuid are nobody's.
create function public.ws_roles(p_lists text[], p_users text[]) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(coalesce(m.role, '') order by a.ord), '[]')::text
    from unnest(p_lists, p_users) with ordinality as a(list_id, user_id, ord)
    left join public.list_members m on m.list_id = a.list_id and m.user_id::text = a.user_id
$$;

-- The id of the account with an e-mail address, '' for none.
create function public.ws_user_id(p_email text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select u.id::text from auth.users u where lower(u.email) = lower(p_email) limit 1), '')
$$;
