// Writes V1 updates of Yjs byte by byte, from its format and not with its code: vectors must not come from what they
// are to test.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Id = { client: number; clock: number };

/** One item appended to a root type by one client. */
export type AppendedItem = {
  client: number;
  clock: number;
  root: string;
  /** The last item of the root's array; none when this is its first. */
  origin?: Id;
  /** Elements of an array, or the text of a text. */
  content: { elements: readonly Json[] } | { text: string };
};

/** First clock and number of clocks of each range. */
export type Deleted = { client: number; ranges: readonly (readonly [number, number])[] };

const utf8 = (text: string): number[] => [...Buffer.from(text, 'utf8')];

function varUint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push(128 + (rest % 128));
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function varString(text: string): number[] {
  const bytes = utf8(text);
  return [...varUint(bytes.length), ...bytes];
}

/** Six bits, the sign and "more" in the first byte; seven bits and "more" in the others. */
function varInt(value: number): number[] {
  const size = Math.abs(value);
  const rest = Math.floor(size / 64);
  const first = (rest > 0 ? 128 : 0) + (value < 0 || Object.is(value, -0) ? 64 : 0) + (size % 64);
  return rest > 0 ? [first, ...varUint(rest)] : [first];
}

function float(value: number): number[] {
  const single = Buffer.alloc(4);
  single.writeFloatBE(value);
  if (single.readFloatBE() === value) return [124, ...single];
  const double = Buffer.alloc(8);
  double.writeDoubleBE(value);
  return [123, ...double];
}

/** A value as lib0 writes `any`. */
function any(value: Json): number[] {
  if (value === null) return [126];
  if (typeof value === 'boolean') return [value ? 120 : 121];
  if (typeof value === 'string') return [119, ...varString(value)];
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? [125, ...varInt(value)] : float(value);
  if (Array.isArray(value)) return [117, ...varUint(value.length), ...value.flatMap(any)];
  const members = Object.entries(value);
  return [
    118,
    ...varUint(members.length),
    ...members.flatMap(([key, member]) => [...varString(key), ...any(member)]),
  ];
}

function item({ root, origin, content }: AppendedItem): number[] {
  const reference = 'text' in content ? 4 : 8;
  const place =
    origin === undefined
      ? [reference, 1, ...varString(root)]
      : [reference + 128, ...varUint(origin.client), ...varUint(origin.clock)];
  const body =
    'text' in content
      ? varString(content.text)
      : [...varUint(content.elements.length), ...content.elements.flatMap(any)];
  return [...place, ...body];
}

/** An update with at most one new item and deletions of one client, as hex. */
export function updateHex(appended: AppendedItem | undefined, deleted?: Deleted): string {
  const structs =
    appended === undefined
      ? [0]
      : [1, 1, ...varUint(appended.client), ...varUint(appended.clock), ...item(appended)];
  const deletions =
    deleted === undefined
      ? [0]
      : [
          1,
          ...varUint(deleted.client),
          ...varUint(deleted.ranges.length),
          ...deleted.ranges.flat().flatMap(varUint),
        ];
  return Buffer.from([...structs, ...deletions]).toString('hex');
}
