// What a V1 update says, read from its bytes without a Y.Doc: which structs it brings, on what they build, what it
// deletes, and whether a document of its kind may hold that. The first guard of the relay (DOCUMENT section 5).
import { isRecordId, ROOT_NAMES } from './layout.ts';
import { ANY, ScanFault, ScanReader } from './scan-reader.ts';

/** `list`: shards and `meta` with JSON entries · `notes`: texts by record id · `free`: any Yjs document. */
export type DocumentKind = 'list' | 'notes' | 'free';

/** The structs of one Yjs client in an update: clocks `start` to `end` (exclusive) without a hole. */
export interface StructRun {
  readonly client: number;
  readonly start: number;
  readonly end: number;
  /** A merge of updates left out what stands before `start`, and structs before that are left out here. */
  readonly isCut: boolean;
  /** What the structs build on, three numbers each: own clock, then client and clock that must be there. */
  readonly needs: readonly number[];
}

/** Deletions, three numbers each: client, first clock, length. */
export type DeleteRanges = readonly number[];

export interface UpdateScan {
  readonly bytes: Uint8Array;
  readonly runs: readonly StructRun[];
  readonly deletes: DeleteRanges;
  /** Where the delete set begins in `bytes`. */
  readonly deletesAt: number;
  /** Entries appended (list documents), so that a bare deletion can be told from an edit. */
  readonly entries: number;
  /** The highest hybrid logical clock among the entries; 0 without any. */
  readonly highestHlc: number;
}

export type ScanResult =
  | { readonly ok: true; readonly scan: UpdateScan }
  /** `detail` is a machine word for logs and quarantine. */
  | { readonly ok: false; readonly code: 'bad-update' | 'structure'; readonly detail: string };

const BIT_ORIGIN = 0x80;
const BIT_RIGHT_ORIGIN = 0x40;
const BIT_PARENT_SUB = 0x20;
const CONTENT_BITS = 0x1f;

const GC = 0;
const SKIP = 10;
const CONTENT = {
  deleted: 1,
  json: 2,
  binary: 3,
  text: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
} as const;

/** One struct never stands for more than this: no writer pushes 16 million entries at once. */
const MAX_STRUCT_LENGTH = 2 ** 24;
/** Clocks count characters and entries of one writing session. */
const MAX_CLOCK = 2 ** 32;
const MAX_CLIENT = 2 ** 53 - 1;

class StructureFault extends Error {}

function isAllowedRoot(kind: DocumentKind, name: string): boolean {
  if (kind === 'free') return true;
  return kind === 'list' ? ROOT_NAMES.has(name) : isRecordId(name);
}

/** Structure only: a newer app may write entries of shapes, fields and values that this one does not know. */
function isAllowedContent(kind: DocumentKind, content: number): boolean {
  if (kind === 'free' || content === CONTENT.deleted) return true;
  if (kind === 'list') return content === CONTENT.any || content === CONTENT.json;
  return content === CONTENT.text || content === CONTENT.format;
}

/**
 * Reads an update completely. Never throws and allocates in proportion to the bytes, whatever they are; the size
 * of the update is the caller's to limit first.
 */
export function scanUpdate(bytes: Uint8Array, kind: DocumentKind): ScanResult {
  try {
    return { ok: true, scan: scanAll(bytes, kind) };
  } catch (error) {
    if (error instanceof StructureFault) return { ok: false, code: 'structure', detail: error.message };
    if (error instanceof ScanFault) return { ok: false, code: 'bad-update', detail: error.message };
    throw error;
  }
}

function scanAll(bytes: Uint8Array, kind: DocumentKind): UpdateScan {
  const reader = new ScanReader(bytes);
  const scanner = new StructScanner(reader, kind);
  const runs: StructRun[] = [];
  for (let left = reader.uint(); left > 0; left -= 1) runs.push(scanner.run());
  if (runs.length > 1 && new Set(runs.map(({ client }) => client)).size !== runs.length)
    throw new ScanFault('client-twice');
  const deletesAt = reader.pos;
  const deletes = scanDeletes(reader);
  if (reader.pos !== bytes.length) throw new ScanFault('trailing');
  return { bytes, runs, deletes, deletesAt, entries: scanner.entries, highestHlc: scanner.highestHlc };
}

function scanDeletes(reader: ScanReader): number[] {
  const deletes: number[] = [];
  for (let clients = reader.uint(); clients > 0; clients -= 1) {
    const client = reader.uint();
    for (let ranges = reader.uint(); ranges > 0; ranges -= 1) {
      const clock = reader.uint();
      const length = reader.uint();
      if (length === 0 || clock + length > MAX_CLOCK) throw new ScanFault('delete-range');
      deletes.push(client, clock, length);
    }
  }
  return deletes;
}

class StructScanner {
  entries = 0;
  highestHlc = 0;
  private readonly reader: ScanReader;
  private readonly kind: DocumentKind;

  constructor(reader: ScanReader, kind: DocumentKind) {
    this.reader = reader;
    this.kind = kind;
  }

  /** The structs of one client. */
  run(): StructRun {
    const { reader } = this;
    const count = reader.uint();
    const client = reader.uint();
    const start = reader.uint();
    if (client > MAX_CLIENT) throw new ScanFault('client');
    // Yjs writes none. Of several sections of one client it reads the last: an empty one would hide those before it.
    if (count === 0) throw new ScanFault('empty-run');
    let needs: number[] = [];
    let from = start;
    let clock = start;
    for (let left = count; left > 0; left -= 1) {
      const isSkip = reader.bytes[reader.pos] === SKIP;
      clock += isSkip ? this.skip() : this.struct(clock, needs);
      if (clock > MAX_CLOCK) throw new ScanFault('clock');
      if (!isSkip) continue;
      // Who has what is skipped has what stands before it too, so only what follows can be new.
      from = clock;
      needs = [];
    }
    return { client, start: from, end: clock, isCut: from !== start, needs };
  }

  private skip(): number {
    this.reader.byte();
    return this.reader.uint();
  }

  private struct(clock: number, needs: number[]): number {
    const info = this.reader.byte();
    const content = info & CONTENT_BITS;
    const length = content === GC ? this.reader.uint() : this.item(info, content, clock, needs);
    if (length === 0 || length > MAX_STRUCT_LENGTH) throw new ScanFault('struct-length');
    return length;
  }

  private item(info: number, content: number, clock: number, needs: number[]): number {
    const reader = this.reader;
    if ((info & BIT_ORIGIN) !== 0) needs.push(clock, reader.uint(), reader.uint());
    if ((info & BIT_RIGHT_ORIGIN) !== 0) needs.push(clock, reader.uint(), reader.uint());
    if ((info & (BIT_ORIGIN | BIT_RIGHT_ORIGIN)) === 0) this.parent(info, clock, needs);
    if (!isAllowedContent(this.kind, content)) throw new StructureFault(`content-${content}`);
    return this.content(content);
  }

  private parent(info: number, clock: number, needs: number[]): void {
    const reader = this.reader;
    const isRoot = reader.uint();
    if (isRoot === 1) {
      const isFree = this.kind === 'free';
      if (isFree) reader.skipText();
      else if (!isAllowedRoot(this.kind, reader.text())) throw new StructureFault('root');
    } else {
      if (this.kind !== 'free') throw new StructureFault('nested');
      needs.push(clock, reader.uint(), reader.uint());
    }
    if ((info & BIT_PARENT_SUB) === 0) return;
    if (this.kind !== 'free') throw new StructureFault('map');
    reader.skipText();
  }

  /** Steps over the content of an item; its length in clocks. */
  private content(content: number): number {
    const reader = this.reader;
    switch (content) {
      case CONTENT.deleted:
        return reader.uint();
      case CONTENT.json: {
        const count = reader.uint();
        for (let left = count; left > 0; left -= 1) this.legacyJson();
        return count;
      }
      case CONTENT.binary:
        reader.skip(reader.uint());
        return 1;
      case CONTENT.text:
        return reader.text().length;
      case CONTENT.embed:
        reader.json();
        return 1;
      case CONTENT.format:
        reader.skipText();
        reader.json();
        return 1;
      case CONTENT.type:
        this.type();
        return 1;
      case CONTENT.any: {
        const count = reader.uint();
        for (let left = count; left > 0; left -= 1) this.entry();
        return count;
      }
      case CONTENT.doc:
        reader.skipText();
        reader.any();
        return 1;
      default:
        throw new ScanFault('content');
    }
  }

  /** Elements as Yjs 12 wrote them. Yjs reads them like others, so their stamps count like others. */
  private legacyJson(): void {
    const start = this.reader.pos;
    if (this.reader.text() === 'undefined') return;
    this.reader.pos = start;
    const element = this.reader.json();
    if (this.kind !== 'list' || !Array.isArray(element)) return;
    this.entries += 1;
    const hlc: unknown = element[typeof element[1] === 'object' && element[1] !== null ? 2 : 3];
    if (typeof hlc === 'number' && hlc > this.highestHlc) this.highestHlc = hlc;
  }

  private type(): void {
    const type = this.reader.uint();
    if (type > 6) throw new ScanFault('type');
    // XML elements and hooks carry a name.
    if (type === 3 || type === 5) this.reader.skipText();
  }

  /**
   * One element of an array: an entry (DOCUMENT rule 3) has its hybrid logical clock third when its second part
   * is the map of a base, fourth otherwise. Other shapes pass without one.
   */
  private entry(): void {
    const reader = this.reader;
    if (this.kind !== 'list' || reader.bytes[reader.pos] !== ANY.array) {
      reader.any();
      return;
    }
    reader.pos += 1;
    this.entries += 1;
    let hlcIndex = 3;
    const parts = reader.uint();
    for (let index = 0; index < parts; index += 1) {
      if (index === 1 && reader.bytes[reader.pos] === ANY.object) hlcIndex = 2;
      const value = reader.any(1);
      if (index === hlcIndex && value !== undefined && value > this.highestHlc) this.highestHlc = value;
    }
  }
}
