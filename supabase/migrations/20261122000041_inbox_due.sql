-- When the next waiting event may be taken, in ms from now; '' when none waits. `greatest` skips nulls: with nothing
-- waiting it answered 0, and the worker asked again at once, for ever.
create or replace function public.ws_inbox_due() returns text language sql stable security definer set search_path = '' as $$
  select coalesce((select case when n.at < 0 then 0 else n.at end::text
    from (select wedsync.ms(min(greatest(i.next_at, coalesce(i.lease_until, i.next_at))))
               - wedsync.ms(clock_timestamp()) as at
            from wedsync.inbox i join wedsync.sources s on s.id = i.source_id and s.state = 'active'
           where i.state = 'waiting') n), '')
$$;
