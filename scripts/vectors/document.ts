// fixtures/vectors/document.json: what other implementations of docs/document.md can check themselves against. Made
// from the rules alone, without the code under test. `npm run vectors` writes it; a test holds it equal to this.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalVectors, entryVectors, meaningVectors, orderVectors } from './document-cases.ts';
import { type Json, updateHex } from './yjs-bytes.ts';

export const VECTORS_FILE = join(import.meta.dirname, '../../fixtures/vectors/document.json');

const epochMs = BigInt(Date.UTC(2020, 0, 1));
const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest();

function fnv1a32(text: string): number {
  let hash = 2_166_136_261n;
  for (const byte of Buffer.from(text, 'utf8')) hash = ((hash ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n;
  return Number(hash);
}

function hlc(ms: number, counter: number): number {
  const steps = (BigInt(ms) - epochMs) * 4_096n + BigInt(counter);
  const most = 2n ** 53n - 1n;
  return Number(steps < 0n ? 0n : steps > most ? most : steps);
}

/** The first `bits` bits of the hash. */
const leadingBits = (text: string, bits: number) => sha256(text).readUIntBE(0, 3) >>> (24 - bits);

const hashes = ['', 'a', 'foobar', 'anna', 'Zoë-ß', 'r0', 'AbCdEfGhIjKlMnOpQrStUv', '0_-', '💍'].map(
  (text) => ({
    text,
    hash: fnv1a32(text),
    shard: fnv1a32(text) % 1_024,
    noteBucket: fnv1a32(text) % 16,
  }),
);

const clocks = [
  [Date.UTC(2020, 0, 1), 0],
  [Date.UTC(2020, 0, 1), 1],
  [Date.UTC(2026, 10, 22, 12), 0],
  [Date.UTC(2026, 10, 22, 12), 4_095],
  [Date.UTC(1999, 11, 31), 7],
  [Date.UTC(2500, 0, 1), 0],
].map(([ms = 0, counter = 0]) => ({ ms, counter, hlc: hlc(ms, counter) }));

const actors = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1_234_567, 89],
  [2 ** 21 - 1, 2 ** 10 - 1],
].map(([device = 0, tab = 0]) => ({ device, tab, actor: device * 1_024 + tab }));

const integrationStamps = [
  { sourceId: 'src_hubspot', eventId: 'evt_1', occurredAtMs: Date.UTC(2026, 10, 22, 12) },
  { sourceId: 'src_hubspot', eventId: 'evt_2', occurredAtMs: Date.UTC(2026, 10, 22, 12) },
  {
    sourceId: 'src_formulaire-é',
    eventId: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
    occurredAtMs: 1_674_087_231_000,
  },
].map((event) => ({
  ...event,
  hlc: hlc(event.occurredAtMs, leadingBits(event.eventId, 12)),
  actor: leadingBits(event.sourceId, 21) * 1_024,
}));

const derivedRecordIds = [
  ['l_AAAAAAAAAAAAAAAAAAAAAA', 'src_hubspot', '51'],
  ['l_AAAAAAAAAAAAAAAAAAAAAA', 'src_hubspot', '52'],
  ['l_BBBBBBBBBBBBBBBBBBBBBB', 'src_hubspot', '51'],
  ['l_AAAAAAAAAAAAAAAAAAAAAA', 'src_google', 'anna & béla 💍'],
].map(([listId = '', sourceId = '', externalId = '']) => ({
  listId,
  sourceId,
  externalId,
  recordId: sha256(`${listId}\n${sourceId}\n${externalId}`).toString('base64url').slice(0, 22),
}));

const listId = 'l_AAAAAAAAAAAAAAAAAAAAAA';
const noteDocuments = ['anna', 'AbCdEfGhIjKlMnOpQrStUv'].map((recordId) => ({
  listId,
  recordId,
  documentId: `${listId}.notes.${fnv1a32(recordId) % 16}`,
}));

const rootOf = (id: string) => `s${fnv1a32(id) % 1_024}`;
const client = 2_863_311_530;
const stamp = hlc(Date.UTC(2026, 10, 22, 12), 3);
const person = 1_234_567 * 1_024 + 89;
const crm = leadingBits('src_hubspot', 21) * 1_024;

/** One action of a writer: `fields` are what it was given, `append` and `deleted` what it does to the document. */
type Step = {
  name: string;
  action: 'receive' | 'create' | 'set' | 'delete' | 'purge' | 'erase' | 'restore';
  at: number;
  fields?: Readonly<Record<string, Json>>;
  append: readonly (readonly Json[])[];
  /** Clocks of the Yjs client that are deleted: first and number. */
  deleted?: readonly (readonly [number, number])[];
};

/** The steps of one record by one Yjs client, in a document of its own. */
function chain(id: string, root: string, steps: readonly Step[]) {
  let clock = 0;
  return steps.map(({ name, action, at, fields = {}, append, deleted }) => {
    const origin = clock === 0 ? {} : { origin: { client, clock: clock - 1 } };
    const item = { client, clock, root, ...origin, content: { elements: append } };
    clock += append.length;
    const hex = updateHex(append.length === 0 ? undefined : item, deleted && { client, ranges: deleted });
    return {
      id,
      root,
      client,
      name,
      action,
      hlc: at,
      actor: person,
      fields,
      append,
      deleted: deleted ?? [],
      hex,
    };
  });
}

const anna = {
  venue: 'Kew Gardens',
  firstName: 'Anna',
  price: '320000 GBP',
  createdAt: 1_795_348_800_000,
  'tag:vip': true,
};
const unseen = stamp - 4_096;

/** Every kind of entry, as a writer makes it. */
const updates = [
  ...chain('anna', rootOf('anna'), [
    { name: 'base', action: 'create', at: stamp, fields: anna, append: [['anna', anna, stamp, person]] },
    {
      name: 'register over a base that stays: the tail names its stamp',
      action: 'set',
      at: stamp + 1,
      fields: { venue: 'Alte Mühle' },
      append: [['anna', 'venue', 'Alte Mühle', stamp + 1, person, stamp, person]],
    },
    {
      name: 'register over a register: the tail is inherited',
      action: 'set',
      at: stamp + 2,
      fields: { venue: null },
      append: [['anna', 'venue', null, stamp + 2, person, stamp, person]],
      deleted: [[1, 1]],
    },
    {
      name: 'tomb: all goes, and with it the base, which needs no naming any more',
      action: 'delete',
      at: stamp + 3,
      append: [['anna', 0, { ...anna, venue: null }, stamp + 3, person]],
      deleted: [
        [0, 1],
        [2, 1],
      ],
    },
    {
      name: 'tomb of a purged record',
      action: 'purge',
      at: stamp + 4,
      append: [['anna', 0, null, stamp + 4, person]],
      deleted: [[3, 1]],
    },
    {
      name: 'tomb of an erased record',
      action: 'erase',
      at: stamp + 5,
      append: [['anna', 0, false, stamp + 5, person]],
      deleted: [[4, 1]],
    },
  ]),
  ...chain('bela', rootOf('bela'), [
    {
      name: 'a register arrives before the base that it names',
      action: 'receive',
      at: stamp,
      append: [['bela', 'venue', 'Barn', stamp, crm, unseen, crm]],
    },
    {
      name: 'tomb with a scope: what the removed register named stays superseded',
      action: 'delete',
      at: stamp + 1,
      append: [['bela', 0, { venue: 'Barn' }, stamp + 1, person, 'venue', unseen, crm]],
      deleted: [[0, 1]],
    },
    {
      name: 'restored: registers inherit the scope',
      action: 'restore',
      at: stamp + 2,
      append: [['bela', 'venue', 'Barn', stamp + 2, person, unseen, crm]],
      deleted: [[1, 1]],
    },
  ]),
  ...chain('chris', rootOf('chris'), [
    {
      name: 'registers without a base before them, of several fields under one stamp',
      action: 'set',
      at: stamp,
      fields: { 'x:7': -1.5, 'tag:vip': false },
      append: [
        ['chris', 'x:7', -1.5, stamp, person],
        ['chris', 'tag:vip', false, stamp, person],
      ],
    },
  ]),
  ...chain('list', 'meta', [
    {
      name: 'the list’s own record in meta',
      action: 'create',
      at: stamp,
      fields: { name: 'Our couples', format: 1 },
      append: [['list', { name: 'Our couples', format: 1 }, stamp, person]],
    },
  ]),
];

const noteText = 'Grüße 💍';
const notes = [
  {
    name: 'first text of a note',
    recordId: 'anna',
    text: noteText,
    hex: updateHex({ client, clock: 0, root: 'anna', content: { text: noteText } }),
  },
];

const sections: Record<string, readonly unknown[]> = {
  hashes,
  clocks,
  actors,
  integrationStamps,
  derivedRecordIds,
  noteDocuments,
  canonicalJson: canonicalVectors,
  order: orderVectors,
  entries: entryVectors,
  meaning: meaningVectors,
  updates,
  notes,
};

/** The file's text: JSON with one vector a line. */
export function renderVectors(): string {
  const about =
    'Vectors of docs/document.md. Updates are Yjs V1, hex; those of one record follow each other in a document of their own. Made by scripts/vectors, not by the code under test.';
  const lines = Object.entries(sections).map(
    ([name, vectors]) =>
      `  ${JSON.stringify(name)}: [\n${vectors.map((vector) => `    ${JSON.stringify(vector)}`).join(',\n')}\n  ]`,
  );
  return `{\n  "_about": ${JSON.stringify(about)},\n${lines.join(',\n')}\n}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(VECTORS_FILE, renderVectors());
