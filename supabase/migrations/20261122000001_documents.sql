-- The truth: one row per document, its log of updates, its snapshots, and what was refused.
-- Everything stands in schema wedsync, which the API does not expose; the functions in public are its only way in,
-- executable by service_role alone. Binary travels as base64 text (DESIGN section 4).
create schema wedsync;
revoke all on schema wedsync from public;

create table wedsync.documents (
  doc_id text primary key check (doc_id ~ '^[A-Za-z0-9._-]{1,128}$'),
  kind text not null check (kind in ('list', 'notes', 'free')),
  list_id text,
  -- Changes when the document is rebuilt under new Yjs client ids, or restored from a backup: devices then rebase.
  lineage text not null default substr(md5(random()::text || clock_timestamp()::text), 1, 16),
  -- Sequence of the last update in the log.
  head bigint not null default 0,
  snapshot_seq bigint not null default 0,
  snapshot_parts int not null default 0,
  projected_seq bigint not null default 0,
  -- The relay's own Yjs client id in this document, and the clock of its next struct.
  writer_id bigint not null default floor(random() * 2147483647)::bigint + 1,
  writer_clock bigint not null default 0,
  created_at timestamptz not null default now()
);
create index documents_list on wedsync.documents (list_id);

create table wedsync.document_updates (
  doc_id text not null references wedsync.documents on delete cascade,
  seq bigint not null,
  data bytea not null,
  crc bigint not null,
  -- Verified author: a user id, source:<id>, or service.
  sender text not null,
  device text,
  stored_at timestamptz not null default clock_timestamp(),
  primary key (doc_id, seq)
);

create table wedsync.document_snapshots (
  doc_id text not null references wedsync.documents on delete cascade,
  seq bigint not null,
  part int not null,
  parts int not null,
  data bytea not null,
  crc bigint not null,
  created_at timestamptz not null default now(),
  primary key (doc_id, seq, part)
);

create table wedsync.quarantine (
  id bigint generated always as identity primary key,
  doc_id text not null,
  sender text not null,
  code text not null,
  detail text not null default '',
  data bytea not null,
  created_at timestamptz not null default now()
);
create index quarantine_doc on wedsync.quarantine (doc_id, id);

alter table wedsync.documents enable row level security;
alter table wedsync.document_updates enable row level security;
alter table wedsync.document_snapshots enable row level security;
alter table wedsync.quarantine enable row level security;

-- Base64 without the line breaks that encode() puts in.
create function wedsync.to_base64(p_data bytea) returns text language sql immutable set search_path = '' as
$$ select translate(encode(p_data, 'base64'), E'\n', '') $$;

-- A document's row as JSON, created first when p_kind is given and it is not there.
create function public.ws_document_open(p_doc text, p_kind text, p_list text) returns text
language plpgsql security definer set search_path = '' as $$
declare d wedsync.documents;
begin
  if coalesce(p_kind, '') <> '' then
    insert into wedsync.documents (doc_id, kind, list_id) values (p_doc, p_kind, nullif(p_list, '')) on conflict do nothing;
  end if;
  select * into d from wedsync.documents where doc_id = p_doc;
  if not found then return '{"exists":false}'; end if;
  return json_build_object('exists', true, 'kind', d.kind, 'listId', d.list_id, 'lineage', d.lineage, 'head', d.head,
    'snapshotSeq', d.snapshot_seq, 'snapshotParts', d.snapshot_parts, 'projectedSeq', d.projected_seq,
    'writerId', d.writer_id, 'writerClock', d.writer_clock)::text;
end $$;

-- Appends one row per array position; answers a JSON array of sequences, null where the document is not there.
-- Documents are locked in one order, so that two relays never wait for each other.
create function public.ws_append(p_docs text[], p_data text[], p_crc text[], p_sender text[], p_device text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare answer text;
begin
  perform 1 from wedsync.documents d where d.doc_id in (select unnest(p_docs)) order by d.doc_id for update;
  with arrived as (
    select u.doc_id, u.data, u.crc, u.sender, u.device, u.ord
      from unnest(p_docs, p_data, p_crc, p_sender, p_device) with ordinality as u(doc_id, data, crc, sender, device, ord)
  ), numbered as (
    select a.*, d.head + row_number() over (partition by a.doc_id order by a.ord) as seq
      from arrived a join wedsync.documents d using (doc_id)
  ), stored as (
    insert into wedsync.document_updates (doc_id, seq, data, crc, sender, device)
    select doc_id, seq, decode(data, 'base64'), crc::bigint, sender, nullif(device, '') from numbered
  ), moved as (
    update wedsync.documents d set head = n.last
      from (select doc_id, max(seq) as last from numbered group by doc_id) n where d.doc_id = n.doc_id
  )
  select json_agg(n.seq order by a.ord)::text into answer from arrived a left join numbered n using (ord);
  return coalesce(answer, '[]');
end $$;

-- Log rows after a sequence, in order, at most about p_max_bytes of data (at least one row):
-- [[seq, base64, crc, sender, stored at in ms, device]…]
create function public.ws_read(p_doc text, p_after text, p_max_bytes text) returns text
language sql stable security definer set search_path = '' as $$
  with upcoming as (
    select * from wedsync.document_updates u where u.doc_id = p_doc and u.seq > p_after::bigint order by u.seq limit 5000
  ), sized as (
    select u.*, sum(octet_length(u.data)) over (order by u.seq) - octet_length(u.data) as before from upcoming u
  )
  select coalesce(json_agg(json_build_array(s.seq, wedsync.to_base64(s.data), s.crc, s.sender,
    floor(extract(epoch from s.stored_at) * 1000), s.device) order by s.seq), '[]')::text
    from sized s where s.before < p_max_bytes::bigint
$$;

create function public.ws_heads(p_docs text[]) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(json_object_agg(d.doc_id, d.head), '{}')::text from wedsync.documents d where d.doc_id = any (p_docs)
$$;

-- One piece of a snapshot as [base64, crc]; '' when it is not there.
create function public.ws_snapshot_part(p_doc text, p_seq text, p_part text) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((select json_build_array(wedsync.to_base64(s.data), s.crc)::text from wedsync.document_snapshots s
    where s.doc_id = p_doc and s.seq = p_seq::bigint and s.part = p_part::int), '')
$$;

-- Keeps one piece of a snapshot to come. 'ok', or 'conflict' when a snapshot at or after p_seq is the current one
-- already: its pieces are never written again.
create function public.ws_snapshot_put(p_doc text, p_seq text, p_part text, p_parts text, p_data text, p_crc text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform 1 from wedsync.documents where doc_id = p_doc and snapshot_seq < p_seq::bigint for update;
  if not found then return 'conflict'; end if;
  insert into wedsync.document_snapshots (doc_id, seq, part, parts, data, crc)
  values (p_doc, p_seq::bigint, p_part::int, p_parts::int, decode(p_data, 'base64'), p_crc::bigint)
  on conflict (doc_id, seq, part) do update set parts = excluded.parts, data = excluded.data, crc = excluded.crc;
  return 'ok';
end $$;

-- Makes a whole snapshot the current one, unless another one became it meanwhile, and trims the log that it covers.
-- p_crcs are the checksums of its pieces in order: pieces of two relays, whose bytes differ, never make one snapshot.
-- A list's log is never trimmed past what the projection has seen. 'ok', 'conflict', 'ahead' or 'incomplete'.
create function public.ws_snapshot_commit(p_doc text, p_seq text, p_old_seq text, p_crcs text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare
  d wedsync.documents;
  v_seq bigint := p_seq::bigint;
  v_parts int := cardinality(p_crcs);
begin
  select * into d from wedsync.documents where doc_id = p_doc for update;
  if not found or d.snapshot_seq <> p_old_seq::bigint or v_seq <= d.snapshot_seq or v_seq > d.head then
    return 'conflict';
  end if;
  if d.kind = 'list' and v_seq > d.projected_seq then return 'ahead'; end if;
  if p_crcs is distinct from (select array_agg(s.crc::text order by s.part) from wedsync.document_snapshots s
                               where s.doc_id = p_doc and s.seq = v_seq and s.parts = v_parts and s.part < v_parts) then
    return 'incomplete';
  end if;
  update wedsync.documents set snapshot_seq = v_seq, snapshot_parts = v_parts where doc_id = p_doc;
  delete from wedsync.document_updates where doc_id = p_doc and seq <= v_seq;
  delete from wedsync.document_snapshots where doc_id = p_doc and (seq < v_seq or seq = v_seq and part >= v_parts);
  return 'ok';
end $$;

-- Keeps what was refused: the newest 1,000 of a document, so that nobody fills the disk with garbage.
create function public.ws_quarantine(p_doc text, p_sender text, p_code text, p_detail text, p_data text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_id bigint;
begin
  insert into wedsync.quarantine (doc_id, sender, code, detail, data)
  values (p_doc, p_sender, p_code, p_detail, decode(p_data, 'base64')) returning id into v_id;
  delete from wedsync.quarantine q where q.doc_id = p_doc
     and q.id <= (select k.id from wedsync.quarantine k where k.doc_id = p_doc order by k.id desc offset 1000 limit 1);
  return v_id::text;
end $$;
