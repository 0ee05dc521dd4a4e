-- As before, and for a week after a first import has ended what became of the things that it read, counted by state.
create or replace function wedsync.source_json(s wedsync.sources) returns json language sql stable set search_path = '' as $$
  select json_build_object('id', s.id, 'listId', s.list_id, 'name', s.name, 'provider', s.provider,
    'bodySignature', s.body_signature, 'settleMs', s.settle_ms, 'state', s.state, 'settings', s.settings,
    'createdAt', wedsync.ms(s.created_at), 'lastEventAt', wedsync.ms(s.last_event_at),
    'account', (select json_build_object('connected', a.sealed is not null, 'failingSince', wedsync.ms(a.failing_since),
       'problem', a.problem, 'channels', a.state -> 'channels', 'job', a.state -> 'job',
       'imported', case when (a.state #>> '{job,endedAt}')::bigint > wedsync.ms(now() - interval '7 days') then (
         select coalesce(json_object_agg(o.state, o.n), '{}') from (
           select i.state, count(*) as n from wedsync.inbox i
            where i.source_id = s.id and i.event_id ~ '^(read|list) '
              and wedsync.ms(i.received_at) <= (a.state #>> '{job,endedAt}')::bigint
            group by i.state) o) end)
       from wedsync.source_accounts a where a.source_id = s.id),
    'vanished', (select coalesce(json_agg(distinct p.path), '[]') from wedsync.source_paths p
       where p.source_id = s.id and p.missing >= 3))
$$;
