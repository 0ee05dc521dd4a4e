-- Who or what changed which couple, when and from where: the audit log and the field history read as one.
create index field_history_stored on wedsync.field_history (list_id, stored_at);

-- Newest first: what people did, from the field history (one row for all fields that one update of one couple
-- changed), and what sources, settings and strangers did, from the audit log. A delivery that was accepted shows with
-- what became of it. p_kind '' for all, people, sources, settings, problems. p_before_us and p_before_key ('' for the
-- newest) stand for the last row of the page before.
create function public.ws_activity(p_list text, p_kind text, p_record text, p_before_us text, p_before_key text, p_limit text)
returns text language sql stable security definer set search_path = '' as $$
  with bounds as (
    select coalesce(nullif(p_before_us, '')::bigint, 9223372036854775807) as us,
           case when p_before_us = '' then null else to_timestamp((p_before_us::bigint + 1) / 1000000.0) end as before
  ), edits as (
    select floor(extract(epoch from h.stored_at) * 1000000)::bigint as us,
           'h' || h.record_id || ':' || h.sender as key, h.sender as actor,
           case when bool_or(h.field = '*') then 'couple.create'
                when bool_or(h.field = '#deleted' and h.value = 'true') then 'couple.delete'
                when bool_or(h.field = '#deleted') then 'couple.restore'
                else 'couple.edit' end as action,
           'done' as outcome, null::text as reason, h.record_id,
           coalesce(array_agg(distinct h.field order by h.field) filter (where h.field not in ('*', '#deleted')), '{}') as fields,
           null::text as source_id, 1 as count
      from wedsync.field_history h, bounds b
     where p_kind in ('', 'people') and h.list_id = p_list and h.sender not like 'source:%'
       and (p_record = '' or h.record_id = p_record) and (b.before is null or h.stored_at <= b.before)
       and h.stored_at > coalesce((select min(s.stored_at) from (select n.stored_at from wedsync.field_history n, bounds c
             where n.list_id = p_list and n.sender not like 'source:%' and (p_record = '' or n.record_id = p_record)
               and (c.before is null or n.stored_at <= c.before)
             order by n.stored_at desc limit p_limit::int * 50) s), '-infinity') - interval '1 microsecond'
     group by h.stored_at, h.record_id, h.sender
  ), logged as (
    select floor(extract(epoch from a.at) * 1000000)::bigint as us, 'a' || lpad(a.id::text, 20, '0') as key, a.actor,
           a.action, a.outcome, a.reason, a.record_id, a.fields, a.source_id, a.count
      from wedsync.audit_log a, bounds b
     where p_kind <> 'people' and a.list_id = p_list and (b.before is null or a.at <= b.before)
       and (p_record = '' or a.record_id = p_record)
       and not (a.action = 'webhook' and a.outcome = 'accepted')
       and (p_kind = '' or (p_kind = 'sources' and a.action = 'webhook')
         or (p_kind = 'settings' and a.action <> 'webhook')
         or (p_kind = 'problems' and a.outcome in ('refused', 'quarantined', 'failed')))
     order by a.id desc limit p_limit::int + 50
  )
  select coalesce(json_agg(json_build_object('us', r.us, 'key', r.key, 'actor', r.actor, 'action', r.action,
      'outcome', r.outcome, 'reason', r.reason, 'recordId', r.record_id, 'fields', r.fields, 'sourceId', r.source_id,
      'sourceName', s.name, 'person', m.email, 'count', r.count) order by r.us desc, r.key desc), '[]')::text
    from (select x.* from (select * from edits union all select * from logged) x, bounds b
           where x.us < b.us or (x.us = b.us and x.key < p_before_key)
           order by x.us desc, x.key desc limit p_limit::int) r
    left join wedsync.sources s on s.id = r.source_id
    left join public.list_members m on m.list_id = p_list and m.user_id::text = r.actor
$$;

revoke all on function public.ws_activity(text, text, text, text, text, text) from public, anon, authenticated;
grant execute on function public.ws_activity(text, text, text, text, text, text) to service_role;
