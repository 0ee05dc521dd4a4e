-- As before; a value of a creation that goes twice within one call (it went, came back and went again) goes once, the
-- first time. Postgres does not let one statement touch a row twice: the list's read model stood still for good.
create or replace function wedsync.put_history(p_list text, p_history json) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into wedsync.field_history (list_id, record_id, field, hlc, actor, value, sender, stored_at)
  select p_list, h."recordId", h.field, h.hlc, h.actor, h.value, h.sender, to_timestamp(h."storedAt" / 1000.0)
    from json_to_recordset(p_history) as h("recordId" text, field text, hlc bigint, actor bigint, value text,
         sender text, "storedAt" double precision, "replacedAt" double precision)
   where h."replacedAt" is null and h.hlc is not null
  on conflict (list_id, record_id, field, hlc, actor) do nothing;

  insert into wedsync.field_history (list_id, record_id, field, hlc, actor, value, sender, stored_at, replaced_at)
  select distinct on (h."recordId", h.field, h.hlc, h.actor)
         p_list, h."recordId", h.field, h.hlc, h.actor, h.value, coalesce(b.sender, h.sender),
         coalesce(b.stored_at, to_timestamp(h."replacedAt" / 1000.0)), to_timestamp(h."replacedAt" / 1000.0)
    from json_to_recordset(p_history) as h("recordId" text, field text, hlc bigint, actor bigint, value text,
         sender text, "replacedAt" double precision, base boolean)
    left join wedsync.field_history b on b.list_id = p_list and b.record_id = h."recordId" and b.field = '*'
     and b.hlc = h.hlc and b.actor = h.actor
   where h."replacedAt" is not null and h.base
   order by h."recordId", h.field, h.hlc, h.actor, h."replacedAt"
  on conflict (list_id, record_id, field, hlc, actor)
    do update set replaced_at = coalesce(field_history.replaced_at, excluded.replaced_at);

  update wedsync.field_history f set replaced_at = to_timestamp(h."replacedAt" / 1000.0)
    from json_to_recordset(p_history) as h("recordId" text, field text, hlc bigint, actor bigint,
         "replacedAt" double precision, base boolean)
   where h."replacedAt" is not null and h.base is not true and f.list_id = p_list and f.record_id = h."recordId"
     and f.field = h.field and f.hlc = h.hlc and f.actor = h.actor and f.replaced_at is null;

  update wedsync.field_history f set value = null
    from json_to_recordset(p_history) as h("recordId" text, scrub boolean)
   where h.scrub and f.list_id = p_list and f.record_id = h."recordId" and f.field <> '#deleted' and f.value is not null;
end $$;
revoke all on function wedsync.put_history(text, json) from public, anon, authenticated;
