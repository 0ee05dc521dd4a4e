// Two kinds of made-up records of 15 fields: the reference ones, on which the targets were set, and couples as they are
// in real lists, with longer values. Edits are made to fit.
import type { Fields } from '@wedsync/shared';
import { createRandom, type Random } from '@wedsync/shared/testing';

export type Row = { readonly id: string; readonly fields: Fields };

const names = 'Anna Ben Chiara David Elif Finn Greta Hugo Ida Jonas Klara Leon Mara Noah Olga Paul'.split(
  ' ',
);
const families = 'Adler Baumann Costa Dupont Evans Fischer Garcia Hansen Ito Jansen Keller Lopez'.split(' ');
const places = 'Mill Barn Castle Manor Garden Loft Vineyard Chapel Lodge Pavilion'.split(' ');
const statuses = ['enquiry', 'proposal', 'booked', 'completed', 'archived', 'lost'];
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function randomId(random: Random): string {
  return Array.from({ length: 22 }, () => alphabet[random.int(64)]).join('');
}

const two = (value: number) => String(value).padStart(2, '0');

/** A new value of a field, in the form in which the app stores it. */
function coupleValue(field: string, random: Random): string | number {
  if (field === 'weddingDate')
    return `20${27 + random.int(3)}-${two(1 + random.int(12))}-${two(1 + random.int(28))}`;
  if (field === 'price') return `${1_000 + random.int(9_000)}00 EUR`;
  if (field === 'status') return random.pick(statuses);
  if (field === 'weddingTime') return `${two(10 + random.int(8))}:${two(random.int(4) * 15)}`;
  if (field === 'phone') return `07${100_000_000 + random.int(899_999_999)}`;
  return `${random.pick(places)} ${random.int(100)}`;
}

function coupleFields(random: Random): Fields {
  const [first, last] = [random.pick(names), random.pick(families)];
  return {
    firstName: first,
    lastName: last,
    partnerFirstName: random.pick(names),
    partnerLastName: random.pick(families),
    email: `${first}${random.int(1_000)}@gmx.net`.toLowerCase(),
    phone: coupleValue('phone', random),
    weddingDate: coupleValue('weddingDate', random),
    weddingTime: coupleValue('weddingTime', random),
    venue: coupleValue('venue', random),
    city: random.pick(families),
    status: coupleValue('status', random),
    price: coupleValue('price', random),
    source: random.pick(places),
    createdAt: Date.UTC(2026, random.int(11), 1 + random.int(28)),
    'tag:vip': random.chance(0.5),
  };
}

/** Which records: their fields, and what an edit changes. */
export type Workload = {
  readonly name: string;
  fields(random: Random): Fields;
  edit(random: Random): { field: string; value: string | number };
};

const editedFields = ['venue', 'status', 'price', 'weddingDate', 'weddingTime', 'phone'] as const;

export const reference: Workload = {
  name: 'reference',
  fields: (random) =>
    Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`field${at}`, `v${random.int(1_000)}`])),
  edit: (random) => ({ field: `field${random.int(15)}`, value: `v${random.int(1_000)}` }),
};

export const couples: Workload = {
  name: 'couples',
  fields: coupleFields,
  edit: (random) => {
    const field = random.pick(editedFields);
    return { field, value: coupleValue(field, random) };
  },
};

export function makeRows(workload: Workload, count: number, seed: number): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({ id: randomId(random), fields: workload.fields(random) }));
}

export type Edit = { readonly id: string; readonly field: string; readonly value: string | number };

export function makeEdits(workload: Workload, rows: readonly Row[], count: number, seed: number): Edit[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({ id: random.pick(rows).id, ...workload.edit(random) }));
}
