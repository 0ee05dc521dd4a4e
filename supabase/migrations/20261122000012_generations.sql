-- Generations (DOCUMENT rule 20): a document is rebuilt from its live entries under a new lineage. Whatever still
-- holds the old lineage must not write on: appends say under which lineage they were made, and heads tell it.

-- As before, for rows made under p_lineages[i]: 'lineage' in the place of a sequence when the document has another
-- one by now, and then nothing of that row is stored. '' stands for whichever it has.
drop function public.ws_append(text[], text[], text[], text[], text[]);
create function public.ws_append(p_docs text[], p_lineages text[], p_data text[], p_crc text[], p_sender text[],
  p_device text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare answer text;
begin
  perform 1 from wedsync.documents d where d.doc_id in (select unnest(p_docs)) order by d.doc_id for update;
  with arrived as (
    select u.doc_id, u.lineage, u.data, u.crc, u.sender, u.device, u.ord
      from unnest(p_docs, p_lineages, p_data, p_crc, p_sender, p_device) with ordinality
        as u(doc_id, lineage, data, crc, sender, device, ord)
  ), numbered as (
    select a.*, d.head + row_number() over (partition by a.doc_id order by a.ord) as seq
      from arrived a join wedsync.documents d using (doc_id) where a.lineage in ('', d.lineage)
  ), stored as (
    insert into wedsync.document_updates (doc_id, seq, data, crc, sender, device)
    select doc_id, seq, decode(data, 'base64'), crc::bigint, sender, nullif(device, '') from numbered
  ), moved as (
    update wedsync.documents d set head = n.last
      from (select doc_id, max(seq) as last from numbered group by doc_id) n where d.doc_id = n.doc_id
  )
  select json_agg(case when n.seq is not null then to_json(n.seq) when d.doc_id is not null then '"lineage"'::json end
                  order by a.ord)::text
    into answer from arrived a left join numbered n using (ord)
    left join wedsync.documents d on d.doc_id = a.doc_id;
  return coalesce(answer, '[]');
end $$;

-- {document: [head, lineage]} of those that are there.
create or replace function public.ws_heads(p_docs text[]) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce(json_object_agg(d.doc_id, json_build_array(d.head, d.lineage)), '{}')::text
    from wedsync.documents d where d.doc_id = any (p_docs)
$$;

-- Puts a rebuilt document, whose pieces were written as a snapshot at p_head + 1, in the place of all there is: only
-- while the log still ends at p_head under p_lineage, so that nothing that was acknowledged is left out. It takes a
-- sequence of its own; who follows the old lineage therefore never finds a row that seems to come next.
-- p_writer and p_clock: the Yjs client id that wrote all of it and the clock of its next struct; the relay's own
-- writer goes on from there. The read model knows every entry already, since they are the same.
-- 'ok', 'conflict', 'ahead' (the projection is behind) or 'incomplete'.
create function public.ws_generation_commit(p_doc text, p_lineage text, p_head text, p_writer text, p_clock text,
  p_crcs text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare
  d wedsync.documents;
  v_seq bigint := p_head::bigint + 1;
  v_parts int := cardinality(p_crcs);
begin
  select * into d from wedsync.documents where doc_id = p_doc for update;
  if not found or d.lineage <> p_lineage or d.head <> p_head::bigint then return 'conflict'; end if;
  if d.kind = 'list' and d.projected_seq < d.head then return 'ahead'; end if;
  if p_crcs is distinct from (select array_agg(s.crc::text order by s.part) from wedsync.document_snapshots s
                               where s.doc_id = p_doc and s.seq = v_seq and s.parts = v_parts and s.part < v_parts) then
    return 'incomplete';
  end if;
  update wedsync.documents
     set lineage = substr(md5(random()::text || clock_timestamp()::text), 1, 16), head = v_seq, snapshot_seq = v_seq,
         snapshot_parts = v_parts, projected_seq = case when kind = 'list' then v_seq else projected_seq end,
         writer_id = p_writer::bigint, writer_clock = p_clock::bigint
   where doc_id = p_doc;
  delete from wedsync.document_updates where doc_id = p_doc;
  delete from wedsync.document_snapshots where doc_id = p_doc and (seq <> v_seq or part >= v_parts);
  return 'ok';
end $$;

do $$
declare f record;
begin
  for f in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname in ('ws_append', 'ws_generation_commit')
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f.name);
    execute format('grant execute on function %s to service_role', f.name);
  end loop;
end $$;
