// Fills a new document from this device's database; rows that do not decode are left out and reported.
import * as Y from 'yjs';
import type { Contents, DamagedRow, StoredRow } from '../persistence/document-database.ts';
import { LOADED } from './origin.ts';

export type Loaded = {
  readonly doc: Y.Doc;
  readonly damaged: readonly { readonly key: number; readonly row: DamagedRow }[];
  /** The highest row key seen, for reading on from there. */
  readonly lastRow: number;
};

/**
 * Applies all sound rows in one transaction. A row that breaks while it is applied may have been applied in part:
 * then the document starts over without it.
 */
export function loadDocument(contents: Contents, createDoc: () => Y.Doc, now: number): Loaded {
  const damaged = new Map<number, DamagedRow>();
  for (const row of contents.rows) {
    const reason = reasonAgainst(row);
    if (reason !== undefined) damaged.set(row.key, { bytes: row.bytes, reason, at: now });
  }
  for (;;) {
    const doc = createDoc();
    const broken = applyRows(
      doc,
      contents.rows.filter(({ key }) => !damaged.has(key)),
    );
    if (broken === undefined) {
      return {
        doc,
        damaged: [...damaged].map(([key, row]) => ({ key, row })),
        lastRow: contents.rows.reduce((highest, { key }) => Math.max(highest, key), 0),
      };
    }
    doc.destroy();
    damaged.set(broken.key, { bytes: broken.bytes, reason: 'apply', at: now });
  }
}

/** Applies rows in one transaction; returns the one that threw. */
export function applyRows(doc: Y.Doc, rows: readonly StoredRow[]): StoredRow | undefined {
  let current: StoredRow | undefined;
  try {
    Y.transact(
      doc,
      () => {
        for (const row of rows) {
          current = row;
          Y.applyUpdate(doc, row.bytes, LOADED);
        }
      },
      LOADED,
      false,
    );
    return undefined;
  } catch {
    return current;
  }
}

function reasonAgainst({ bytes, check }: StoredRow): string | undefined {
  if (check === 'ok') return undefined;
  if (check === 'mismatch') return 'checksum';
  try {
    Y.decodeUpdate(bytes);
    return undefined;
  } catch {
    return 'decode';
  }
}

/** True while the document holds updates whose predecessors are missing: it must not be stored or sent as a whole. */
export const hasGap = (doc: Y.Doc): boolean =>
  doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
