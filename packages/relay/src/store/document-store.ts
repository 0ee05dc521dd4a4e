// Documents in Supabase: the log of updates, snapshots in pieces, the quarantine. Binary is base64 on the way.
import { AppError, crc32c, sleep } from '@wedsync/shared';
import type { AppendResult, AppendRow } from './append-row.ts';
import { callJson, type Rpc } from './rpc.ts';

export type DocumentKind = 'list' | 'notes' | 'free';

/** A document's row. Sequences start at 1; 0 is "none". */
export type DocumentHead = {
  readonly kind: DocumentKind;
  readonly listId: string | null;
  readonly lineage: string;
  readonly head: number;
  readonly snapshotSeq: number;
  readonly snapshotParts: number;
  readonly projectedSeq: number;
  readonly writerId: number;
  readonly writerClock: number;
};

/** Where a log ends, and under which lineage. */
export type LogHead = { readonly seq: number; readonly lineage: string };

/** A document rebuilt from its live entries, to take the place of all there is. */
export type Generation = {
  /** What it was rebuilt from: everything up to `seq` of this lineage. */
  readonly lineage: string;
  readonly seq: number;
  readonly update: Uint8Array;
  /** The one Yjs client id in it, and the clock of its next struct: the relay's own writer goes on there. */
  readonly client: number;
  readonly clock: number;
};

/** `ahead`: the projection is behind the log. */
export type SwapOutcome = 'ok' | 'conflict' | 'ahead';

export type LogRow = {
  readonly seq: number;
  readonly update: Uint8Array;
  readonly sender: string;
  readonly storedAtMs: number;
  readonly device: string | undefined;
};

export type StoredDocument = {
  readonly lineage: string;
  readonly headSeq: number;
  readonly head: DocumentHead;
  readonly snapshot: { readonly seq: number; readonly update: Uint8Array } | undefined;
  readonly rows: readonly LogRow[];
};

/** A piece of a snapshot: small enough that no other call waits long behind it. */
const SNAPSHOT_PART_BYTES = 256 * 1024;
/** A list that is being edited is projected moments after it is stored; the pieces are written only once for that. */
const AHEAD_WAITS_MS = [50, 100, 250, 500, 1_000, 2_000];
/** Data of log rows in one answer. */
const READ_BYTES = 1024 * 1024;

export type DocumentStore = {
  /** The document's row; made first when `create` says so. Undefined when it is not there. */
  open(
    documentId: string,
    create?: { kind: DocumentKind; listId?: string },
  ): Promise<DocumentHead | undefined>;
  /** All of a document, checksums verified; undefined when it is not there. Rejects with `load-failed`. */
  load(documentId: string): Promise<StoredDocument | undefined>;
  /** Rows after `seq` in order, at most about 1 MiB; empty at the end. */
  readAfter(documentId: string, seq: number): Promise<LogRow[]>;
  /** Stores rows of any documents in one call; results in their order. */
  append(rows: readonly AppendRow[]): Promise<AppendResult[]>;
  /** Newest sequence and lineage of each document, in order; undefined for one that is not there. */
  heads(documentIds: readonly string[]): Promise<(LogHead | undefined)[]>;
  /**
   * Writes a snapshot of everything up to `seq`, reads it back, and makes it the current one unless another did
   * meanwhile (`conflict`) or the projection is behind (`ahead`). Then the log it covers is gone.
   */
  putSnapshot(
    documentId: string,
    snapshot: { seq: number; oldSeq: number; update: Uint8Array },
  ): Promise<SwapOutcome>;
  /**
   * Writes a rebuilt document, reads it back, and puts it in the place of log and snapshot under a new lineage, all
   * or nothing; `conflict` when anything was appended since, or the lineage is another one.
   */
  putGeneration(documentId: string, generation: Generation): Promise<SwapOutcome>;
  /** Keeps what was refused, with who sent it and why. `detail` is a machine word, never data. */
  quarantine(row: {
    documentId: string;
    sender: string;
    code: string;
    detail?: string;
    data: Uint8Array;
  }): Promise<void>;
};

type WireRow = [
  seq: number,
  data: string,
  crc: number,
  sender: string,
  storedAtMs: number,
  device: string | null,
];

const toBase64 = (data: Uint8Array) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/** Bytes of base64, held against their checksum. */
function fromBase64(text: string, crc: number, what: string): Uint8Array {
  const data = new Uint8Array(Buffer.from(text, 'base64'));
  if (crc32c(data) !== crc)
    throw new AppError('load-failed', { message: `the checksum of ${what} does not match` });
  return data;
}

function toLogRow([seq, data, crc, sender, storedAtMs, device]: WireRow): LogRow {
  return {
    seq,
    update: fromBase64(data, crc, `row ${seq}`),
    sender,
    storedAtMs,
    device: device ?? undefined,
  };
}

function toPieces(update: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(update.length / SNAPSHOT_PART_BYTES));
  return Array.from({ length: count }, (_, part) =>
    update.subarray(part * SNAPSHOT_PART_BYTES, (part + 1) * SNAPSHOT_PART_BYTES),
  );
}

/** @param wait resolves after `ms`; passed in by tests */
export function createDocumentStore(rpc: Rpc, wait: (ms: number) => Promise<void> = sleep): DocumentStore {
  async function open(documentId: string, create?: { kind: DocumentKind; listId?: string }) {
    const args = { p_doc: documentId, p_kind: create?.kind ?? '', p_list: create?.listId ?? '' };
    const answer = await callJson<DocumentHead & { exists: boolean }>(rpc, 'ws_document_open', args);
    if (!answer.exists) return undefined;
    const { exists: _, ...head } = answer;
    return head;
  }

  async function readAfter(documentId: string, seq: number): Promise<LogRow[]> {
    const args = { p_doc: documentId, p_after: String(seq), p_max_bytes: String(READ_BYTES) };
    return (await callJson<WireRow[]>(rpc, 'ws_read', args)).map(toLogRow);
  }

  async function readSnapshot(
    documentId: string,
    seq: number,
    parts: number,
  ): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [];
    for (let part = 0; part < parts; part++) {
      const answer = await rpc('ws_snapshot_part', {
        p_doc: documentId,
        p_seq: String(seq),
        p_part: String(part),
      });
      if (answer === '') return undefined;
      const [data, crc] = JSON.parse(answer) as [string, number];
      pieces.push(fromBase64(data, crc, `snapshot ${seq}, piece ${part}`));
    }
    return new Uint8Array(Buffer.concat(pieces));
  }

  /** Writes the pieces and reads them back; their checksums, or undefined when another snapshot is there. */
  async function writeSnapshot(
    documentId: string,
    seq: number,
    update: Uint8Array,
  ): Promise<string[] | undefined> {
    const pieces = toPieces(update);
    const crcs: string[] = [];
    for (const [part, piece] of pieces.entries()) {
      const crc = String(crc32c(piece));
      crcs.push(crc);
      const answer = await rpc('ws_snapshot_put', {
        p_doc: documentId,
        p_seq: String(seq),
        p_part: String(part),
        p_parts: String(pieces.length),
        p_data: toBase64(piece),
        p_crc: crc,
      });
      if (answer !== 'ok') return undefined;
    }
    const written = await readSnapshot(documentId, seq, pieces.length);
    return written === undefined || Buffer.compare(written, update) !== 0 ? undefined : crcs;
  }

  /** Asks again for a while as long as the projection is behind. */
  async function swap(commit: () => Promise<string>): Promise<SwapOutcome> {
    for (let attempt = 0; ; attempt++) {
      const answer = await commit();
      if (answer === 'ok') return 'ok';
      if (answer !== 'ahead') return 'conflict';
      const waitMs = AHEAD_WAITS_MS[attempt];
      if (waitMs === undefined) return 'ahead';
      await wait(waitMs);
    }
  }

  async function loadOnce(documentId: string): Promise<StoredDocument | 'moved' | undefined> {
    const head = await open(documentId);
    if (head === undefined) return undefined;
    let snapshot: StoredDocument['snapshot'];
    if (head.snapshotSeq > 0) {
      const update = await readSnapshot(documentId, head.snapshotSeq, head.snapshotParts);
      if (update === undefined) return 'moved';
      snapshot = { seq: head.snapshotSeq, update };
    }
    const rows: LogRow[] = [];
    let seq = head.snapshotSeq;
    for (;;) {
      const page = await readAfter(documentId, seq);
      for (const row of page) {
        // A newer snapshot has trimmed what was to be read next.
        if (row.seq !== seq + 1) return 'moved';
        rows.push(row);
        seq = row.seq;
      }
      if (page.length === 0) break;
    }
    if (seq < head.head) return 'moved';
    return { lineage: head.lineage, headSeq: seq, head, snapshot, rows };
  }

  return {
    open,
    readAfter,
    async load(documentId) {
      // A compaction in the middle moves the ground; a second try finds the new snapshot.
      for (let attempt = 0; attempt < 3; attempt++) {
        const stored = await loadOnce(documentId);
        if (stored !== 'moved') return stored;
      }
      throw new AppError('load-failed', {
        message: 'a row of the log or a piece of the snapshot is missing',
      });
    },
    async append(rows) {
      const answers = await callJson<(number | 'lineage' | null)[]>(rpc, 'ws_append', {
        p_docs: rows.map((row) => row.documentId),
        p_lineages: rows.map((row) => row.lineage ?? ''),
        p_data: rows.map((row) => toBase64(row.data)),
        p_crc: rows.map((row) => String(crc32c(row.data))),
        p_sender: rows.map((row) => row.sender),
        p_device: rows.map((row) => row.device ?? ''),
      });
      return answers.map((answer) => {
        if (typeof answer === 'number') return { ok: true, seq: answer };
        return { ok: false, code: answer === 'lineage' ? 'lineage-changed' : 'not-found' };
      });
    },
    async heads(documentIds) {
      const args = { p_docs: documentIds };
      const heads = await callJson<Record<string, [seq: number, lineage: string]>>(rpc, 'ws_heads', args);
      return documentIds.map((id) => {
        const head = heads[id];
        return head && { seq: head[0], lineage: head[1] };
      });
    },
    async putSnapshot(documentId, { seq, oldSeq, update }) {
      const crcs = await writeSnapshot(documentId, seq, update);
      if (crcs === undefined) return 'conflict';
      const of = { p_doc: documentId, p_seq: String(seq), p_old_seq: String(oldSeq), p_crcs: crcs };
      return await swap(() => rpc('ws_snapshot_commit', of));
    },
    async putGeneration(documentId, { lineage, seq, update, client, clock }) {
      const crcs = await writeSnapshot(documentId, seq + 1, update);
      if (crcs === undefined) return 'conflict';
      const of = { p_doc: documentId, p_lineage: lineage, p_head: String(seq) };
      const writer = { p_writer: String(client), p_clock: String(clock) };
      return await swap(() => rpc('ws_generation_commit', { ...of, ...writer, p_crcs: crcs }));
    },
    async quarantine({ documentId, sender, code, detail = '', data }) {
      await rpc('ws_quarantine', {
        p_doc: documentId,
        p_sender: sender,
        p_code: code,
        p_detail: detail,
        p_data: toBase64(data),
      });
    },
  };
}
