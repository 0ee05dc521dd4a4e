// Vectors of the document that are written by hand: what the rules say of these cases, by reading them.
import type { Json } from './yjs-bytes.ts';

/** RFC 8785 sections 3.2.2 and 3.2.3, and the values that fields hold. `value` is parsed JSON. */
export const canonicalVectors: readonly { value: Json; text: string }[] = [
  { value: null, text: 'null' },
  { value: true, text: 'true' },
  { value: 'Zoë "Z" \\ /', text: '"Zoë \\"Z\\" \\\\ /"' },
  { value: '€$\u000f\nA\'B"\\\\"/', text: '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"' },
  { value: 333333333.3333333, text: '333333333.3333333' },
  { value: 1e30, text: '1e+30' },
  { value: 4.5, text: '4.5' },
  { value: 0.002, text: '0.002' },
  { value: 1e-27, text: '1e-27' },
  { value: 0, text: '0' },
  { value: 1795348800000, text: '1795348800000' },
  { value: [56, { d: true, '10': null, '1': [] }], text: '[56,{"1":[],"10":null,"d":true}]' },
  {
    value: { '€': 'e', '\r': 'r', \ufb33: 'h', '1': 'o', '😀': 's', '\u0080': 'c', ö: 'u' },
    text: '{"\\r":"r","1":"o","\u0080":"c","ö":"u","€":"e","😀":"s","דּ":"h"}',
  },
];

/** Rule 5: live values of one field as `[value, hlc, actor]`, the one that is shown first. */
export const orderVectors: readonly { name: string; winnerFirst: readonly Json[] }[] = [
  {
    name: 'higher hlc, whatever the actor',
    winnerFirst: [
      ['b', 20, 1],
      ['a', 10, 9],
    ],
  },
  {
    name: 'same hlc: higher actor',
    winnerFirst: [
      ['a', 10, 9],
      ['b', 10, 1],
    ],
  },
  {
    name: 'same stamp: canonical JSON by UTF-16 unit, the greater first',
    winnerFirst: [
      [true, 10, 1],
      [null, 10, 1],
      [false, 10, 1],
      [7, 10, 1],
      [10, 10, 1],
      ['\ufb33', 10, 1],
      ['😀', 10, 1],
      ['é', 10, 1],
      ['b', 10, 1],
      ['B', 10, 1],
    ],
  },
];

/** Rule 3: elements of an array that are entries of format 1, and others, which are kept and counted. */
export const entryVectors: readonly { element: Json; kind: 'base' | 'register' | 'tomb' | 'unknown' }[] = [
  { element: ['r', { a: 1, b: null }, 1, 1], kind: 'base' },
  { element: ['r', {}, 1, 1], kind: 'base' },
  { element: ['r', 'a', 'x', 1, 1], kind: 'register' },
  { element: ['r', 'a', 'x', 1, 1, 5, 6, 7, 8], kind: 'register' },
  { element: ['r', 0, { a: 1 }, 1, 1], kind: 'tomb' },
  { element: ['r', 0, null, 1, 1, 'a', 5, 6], kind: 'tomb' },
  { element: ['r', 0, false, 2 ** 53 - 1, 2 ** 31 - 1], kind: 'tomb' },
  { element: ['r', { a: 1 }, 1], kind: 'unknown' },
  { element: ['r', { a: 1 }, 1, 1, 1], kind: 'unknown' },
  { element: ['r', { a: [1] }, 1, 1], kind: 'unknown' },
  { element: ['r', { '': 1 }, 1, 1], kind: 'unknown' },
  { element: ['r', 'a', 'x', 1, 1, 5], kind: 'unknown' },
  { element: ['r', 'a', { deep: 1 }, 1, 1], kind: 'unknown' },
  { element: ['r', 'a', 'x', 1.5, 1], kind: 'unknown' },
  { element: ['r', 'a', 'x', -1, 1], kind: 'unknown' },
  { element: ['r', 'a', 'x', 1, 2 ** 31], kind: 'unknown' },
  { element: ['r', 0, true, 1, 1], kind: 'unknown' },
  { element: ['r', 0, null, 1, 1, 'a', 5], kind: 'unknown' },
  { element: ['r', 1, null, 1, 1], kind: 'unknown' },
  { element: ['', 'a', 'x', 1, 1], kind: 'unknown' },
  { element: ['r'], kind: 'unknown' },
  { element: 'text', kind: 'unknown' },
  { element: null, kind: 'unknown' },
];

type Meaning = {
  name: string;
  /** All of record `r`, in any order. */
  entries: readonly Json[];
  state: 'absent' | 'alive' | 'trashed' | 'edit-delete';
  values: Readonly<Record<string, Json>>;
  /** Distinct live values, winner first, of the fields in conflict. */
  conflicts: Readonly<Record<string, readonly Json[]>>;
};

/** Rules 4 to 6, 12 and 13. */
export const meaningVectors: readonly Meaning[] = [
  { name: 'nothing', entries: [], state: 'absent', values: {}, conflicts: {} },
  {
    name: 'two creations merge per field',
    entries: [
      ['r', { a: 1, b: 1 }, 10, 1],
      ['r', { a: 2, c: 2 }, 20, 2],
    ],
    state: 'alive',
    values: { a: 2, b: 1, c: 2 },
    conflicts: { a: [2, 1] },
  },
  {
    name: 'a register supersedes the base that it names, for its field',
    entries: [
      ['r', { a: 1, b: 1 }, 10, 1],
      ['r', 'a', 2, 20, 2, 10, 1],
    ],
    state: 'alive',
    values: { a: 2, b: 1 },
    conflicts: {},
  },
  {
    name: 'a register that names another base leaves this one live',
    entries: [
      ['r', { a: 1, b: 1 }, 10, 1],
      ['r', 'a', 2, 20, 2, 11, 1],
    ],
    state: 'alive',
    values: { a: 2, b: 1 },
    conflicts: { a: [2, 1] },
  },
  {
    name: 'a register’s tail supersedes bases only, never registers',
    entries: [
      ['r', 'a', 1, 10, 1],
      ['r', 'a', 2, 20, 2, 10, 1],
    ],
    state: 'alive',
    values: { a: 2 },
    conflicts: { a: [2, 1] },
  },
  {
    name: 'equal values are agreement',
    entries: [
      ['r', 'a', 'x', 10, 1],
      ['r', 'a', 'x', 20, 2],
    ],
    state: 'alive',
    values: { a: 'x' },
    conflicts: {},
  },
  {
    name: 'a cleared field against a value is a conflict',
    entries: [
      ['r', 'a', null, 30, 1],
      ['r', 'a', 'x', 20, 2],
    ],
    state: 'alive',
    values: { a: null },
    conflicts: { a: [null, 'x'] },
  },
  {
    name: 'the lowest createdAt is shown; it, tags, ext, note and photo never conflict',
    entries: [
      ['r', { createdAt: 500, 'tag:vip': true, 'ext:crm': '1', 'note:crm': 'n', photo: 'p' }, 10, 1],
      ['r', { createdAt: 900, 'tag:vip': false, 'ext:crm': '2', 'note:crm': 'm', photo: 'q' }, 20, 2],
    ],
    state: 'alive',
    values: { createdAt: 500, 'tag:vip': false, 'ext:crm': '2', 'note:crm': 'm', photo: 'q' },
    conflicts: {},
  },
  {
    name: 'only tombs: in the trash, later snapshots over earlier ones',
    entries: [
      ['r', 0, { a: 2 }, 20, 2],
      ['r', 0, { a: 1, b: 1 }, 10, 1],
    ],
    state: 'trashed',
    values: { a: 2, b: 1 },
    conflicts: {},
  },
  {
    name: 'a tomb supersedes per field',
    entries: [
      ['r', { a: 1, b: 1 }, 10, 1],
      ['r', 0, { a: 2 }, 20, 2, 'a', 10, 1],
    ],
    state: 'edit-delete',
    values: { a: 2, b: 1 },
    conflicts: {},
  },
  {
    name: 'deleted here and edited there: the edit is shown, the rest from the snapshot',
    entries: [
      ['r', 0, { a: 1, b: 1 }, 20, 1, 'a', 10, 1, 'b', 10, 1],
      ['r', 'a', 3, 15, 2, 10, 1],
    ],
    state: 'edit-delete',
    values: { a: 3, b: 1 },
    conflicts: {},
  },
  {
    name: 'purged',
    entries: [['r', 0, null, 20, 1]],
    state: 'trashed',
    values: {},
    conflicts: {},
  },
  {
    name: 'erased: absent whatever else is live',
    entries: [
      ['r', 0, false, 20, 1],
      ['r', 'a', 3, 30, 2],
    ],
    state: 'absent',
    values: {},
    conflicts: {},
  },
  {
    name: 'elements of another shape change nothing',
    entries: [
      ['r', 'a', 1, 10, 1],
      ['r', 'a', [2], 20, 1],
      ['r', 7, { a: 2 }, 20, 1],
    ],
    state: 'alive',
    values: { a: 1 },
    conflicts: {},
  },
];
