-- Sources share what is applied: of each claim every source that waits gets the same number of places. A flood from one
-- slows its own events, not those of the others.
create index inbox_source_waiting on wedsync.inbox (source_id, id) where state = 'waiting';

-- As before, in turns: the oldest event of each source, then the second of each, until the limit is reached.
create or replace function public.ws_inbox_claim(p_limit text, p_lease_ms text, p_token text) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  v_limit int := p_limit::int;
  answer text;
begin
  -- One claim at a time: what another one is about to take must be visible as taken.
  perform pg_catalog.pg_advisory_xact_lock(7031102);
  with recursive waiting as (
    -- One step in the index for each source, however many events it has waiting.
    (select i.source_id from wedsync.inbox i where i.state = 'waiting' order by i.source_id limit 1)
    union all
    select (select i.source_id from wedsync.inbox i where i.state = 'waiting' and i.source_id > w.source_id
             order by i.source_id limit 1)
      from waiting w where w.source_id is not null
  ), turns as (
    select f.id, row_number() over (partition by s.id order by f.id) as turn
      from waiting w join wedsync.sources s on s.id = w.source_id and s.state = 'active'
     cross join lateral (
       select i.id from wedsync.inbox i
        where i.source_id = s.id and i.state = 'waiting' and i.next_at <= v_now
          and (i.lease_until is null or i.lease_until < v_now)
          -- One look per event: as a join, a plan may go through all earlier events for each of them.
          and not exists (select 1 from wedsync.inbox e where e.source_id = i.source_id and e.order_key = i.order_key
            and e.id + 0 < i.id and e.state = 'waiting' and (e.lease_until >= v_now or e.next_at > v_now) offset 0)
        order by i.id limit v_limit) f
  ), chosen as (
    select t.id from turns t order by t.turn, t.id limit v_limit
  ), free as (
    select i.id from wedsync.inbox i where i.id = any (array(select c.id from chosen c)) order by i.id for update skip locked
  ), taken as (
    update wedsync.inbox i set lease_token = p_token,
           lease_until = v_now + (p_lease_ms || ' milliseconds')::interval, attempts = i.attempts + 1
      from free where i.id = free.id returning i.*
  )
  select json_agg(json_build_object('id', t.id, 'sourceId', t.source_id, 'listId', t.list_id, 'eventKey', t.event_key,
      'body', wedsync.to_base64(t.body), 'receivedAt', wedsync.ms(t.received_at), 'attempts', t.attempts,
      'provider', s.provider, 'sourceName', s.name, 'settleMs', s.settle_ms,
      'settings', s.settings) order by t.id)::text
    into answer from taken t join wedsync.sources s on s.id = t.source_id;
  return coalesce(answer, '[]');
end $$;
alter function public.ws_inbox_claim(text, text, text) set plan_cache_mode = force_custom_plan;
