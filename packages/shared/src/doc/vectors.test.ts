// The vectors of docs/document.md against this implementation: ids, clocks, order, entries, meaning, and the bytes of
// every kind of entry. They are made by scripts/vectors without this code.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { canonicalJson } from './canonical-json.ts';
import { type Change, createChange, removeChange, restoreChange, setChange } from './change.ts';
import { actorOf, deviceOfActor, hlcFromMs, hlcToMs, integrationStamp } from './clock.ts';
import {
  type Entry,
  type Fields,
  type FieldValue,
  isBase,
  isEntry,
  isRegister,
  isTomb,
  type Stamp,
} from './entry.ts';
import { derivedRecordId } from './integration.ts';
import { createListDoc, fnv1a32, META, noteBucketOf, noteDocumentId, shardName, shardOf } from './layout.ts';
import { createListIndex } from './list-index.ts';
import { partsOf, viewOf } from './live.ts';
import { scanUpdate } from './scan-update.ts';
import { applyChange } from './writer.ts';

type Step = Stamp & {
  id: string;
  root: string;
  client: number;
  name: string;
  action: 'receive' | 'create' | 'set' | 'delete' | 'purge' | 'erase' | 'restore';
  fields: Fields;
  append: Entry[];
  hex: string;
};
type Vectors = {
  hashes: { text: string; hash: number; shard: number; noteBucket: number }[];
  clocks: { ms: number; counter: number; hlc: number }[];
  actors: { device: number; tab: number; actor: number }[];
  integrationStamps: (Stamp & { sourceId: string; eventId: string; occurredAtMs: number })[];
  derivedRecordIds: { listId: string; sourceId: string; externalId: string; recordId: string }[];
  noteDocuments: { listId: string; recordId: string; documentId: string }[];
  canonicalJson: { value: unknown; text: string }[];
  order: { name: string; winnerFirst: [FieldValue, number, number][] }[];
  entries: { element: unknown; kind: string }[];
  meaning: { name: string; entries: unknown[]; state: string; values: object; conflicts: object }[];
  updates: Step[];
  notes: { name: string; recordId: string; text: string; hex: string }[];
};

const file = new URL('../../../../fixtures/vectors/document.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function kindOf(element: unknown): string {
  if (!isEntry(element)) return 'unknown';
  return isBase(element) ? 'base' : isRegister(element) ? 'register' : isTomb(element) ? 'tomb' : 'none';
}

describe('vectors of names and numbers', () => {
  it.each(vectors.hashes)(
    'DOC-R1 DOC-R17 shard and note bucket of “$text”',
    ({ text, hash, shard, noteBucket }) => {
      expect([fnv1a32(text), shardOf(text), noteBucketOf(text)]).toEqual([hash, shard, noteBucket]);
    },
  );

  it.each(vectors.noteDocuments)('DOC-R17 note document of $recordId', ({ listId, recordId, documentId }) => {
    expect(noteDocumentId(listId, noteBucketOf(recordId))).toBe(documentId);
  });

  it.each(vectors.clocks)('DOC-R2 clock at $ms ms and $counter', ({ ms, counter, hlc }) => {
    expect(hlcFromMs(ms, counter)).toBe(hlc);
    if (hlc > 0 && hlc < Number.MAX_SAFE_INTEGER) expect(hlcToMs(hlc)).toBe(ms);
  });

  it.each(vectors.actors)('DOC-R2 actor of device $device and tab $tab', ({ device, tab, actor }) => {
    expect(actorOf(device, tab)).toBe(actor);
    expect(deviceOfActor(actor)).toBe(device);
  });

  it.each(vectors.integrationStamps)('DOC-R2 stamp of $sourceId, $eventId', ({ hlc, actor, ...event }) => {
    expect(integrationStamp(event)).toEqual({ hlc, actor });
  });

  it.each(vectors.derivedRecordIds)('DOC-R10 record id of $sourceId, $externalId', (vector) => {
    expect(derivedRecordId(vector.listId, vector.sourceId, vector.externalId)).toBe(vector.recordId);
  });

  it.each(vectors.canonicalJson)('DOC-R5 canonical JSON $text', ({ value, text }) => {
    expect(canonicalJson(value)).toBe(text);
  });
});

describe('vectors of meaning', () => {
  it.each(vectors.order)('DOC-R5 order: $name', ({ winnerFirst }) => {
    const entries = winnerFirst.map(([value, hlc, actor]): Entry => ['r', 'a', value, hlc, actor]);
    for (const given of [entries, [...entries].reverse()])
      expect(
        partsOf(given)
          .live.get('a')
          ?.map(({ value, hlc, actor }) => [value, hlc, actor]),
      ).toEqual(winnerFirst);
  });

  it.each(vectors.entries)('DOC-R3 $kind: $element', ({ element, kind }) => {
    expect(kindOf(element)).toBe(kind);
  });

  it.each(vectors.meaning)('DOC-R4 DOC-R6 DOC-R12 $name', ({ entries, state, values, conflicts }) => {
    const known = entries.filter(isEntry);
    for (const given of [known, [...known].reverse()]) {
      const view = viewOf('r', given);
      const inConflict = Object.entries(view.conflicts).map(([field, live]) => [
        field,
        live.map(({ value }) => value),
      ]);
      expect({ state: view.state, values: view.values, conflicts: Object.fromEntries(inConflict) }).toEqual({
        state,
        values,
        conflicts,
      });
    }
  });
});

/** What this implementation does where the vector says which action was taken. */
function changeOf({ id, action, fields, append, hlc, actor }: Step, entries: readonly Entry[]): Change {
  const stamp = { hlc, actor };
  switch (action) {
    case 'receive':
      return { remove: [], append };
    case 'create':
      return createChange(id, fields, stamp);
    case 'set':
      return setChange(id, entries, { fields, stamp });
    case 'restore':
      return restoreChange(id, entries, stamp);
    default:
      return removeChange(id, entries, { stamp, kind: action });
  }
}

/** The updates of one record, in order, by a document that writes and for one that reads. */
function openChain(client: number) {
  const writing = createListDoc();
  writing.clientID = client;
  const updates: Uint8Array[] = [];
  writing.on('update', (update: Uint8Array) => updates.push(update));
  return { writing, writer: createListIndex(writing), reader: createListIndex(createListDoc()), updates };
}

describe('DOC-R3 DOC-R7 DOC-R11 DOC-R13 vectors of updates', () => {
  const chains = new Map<string, Step[]>();
  for (const step of vectors.updates) chains.set(step.id, [...(chains.get(step.id) ?? []), step]);

  it.each([...chains])('%s: this writer makes the same bytes, and reads them', (id, steps) => {
    const { writing, writer, reader, updates } = openChain(steps[0]?.client ?? 0);
    for (const step of steps) {
      const isMeta = step.root === META;
      expect(step.root).toBe(isMeta ? META : shardName(shardOf(id)));
      const change = changeOf(step, isMeta ? writer.metaEntriesOf(id) : writer.entriesOf(id));
      writing.transact(() => applyChange(writing.getArray(step.root), change));
      expect(toHex(updates.at(-1) ?? new Uint8Array()), step.name).toBe(step.hex);
      const scanned = scanUpdate(fromHex(step.hex), 'list');
      expect(scanned.ok && [scanned.scan.entries, scanned.scan.highestHlc], step.name).toEqual([
        step.append.length,
        step.hlc,
      ]);
      Y.applyUpdate(reader.doc, fromHex(step.hex));
      const read = isMeta ? [reader.getMeta(id), writer.getMeta(id)] : [reader.get(id), writer.get(id)];
      expect(read[0], step.name).toEqual(read[1]);
    }
  });

  it.each(vectors.notes)('DOC-R17 $name', ({ recordId, text, hex }) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, fromHex(hex));
    expect(doc.getText(recordId).toString()).toBe(text);
    expect(scanUpdate(fromHex(hex), 'notes').ok).toBe(true);
    expect(scanUpdate(fromHex(hex), 'list').ok).toBe(false);
  });
});
