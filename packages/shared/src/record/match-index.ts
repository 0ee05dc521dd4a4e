// Which couples of a list may be one and the same, by what two systems cannot both have made up: the same e-mail
// address, the same phone number, or the same names on the same wedding date. Kept up record by record, so that asking
// costs nothing; a person decides.
import { emailKey, PHONE_MAX, phoneKey } from './contact.ts';
import { foldText } from './fold.ts';
import type { Fields } from './value.ts';

export type MatchKind = 'email' | 'phone' | 'names-date';

/** Two couples, the one that was there first in front, and everything that they share. */
export type CouplePair = {
  readonly ids: readonly [string, string];
  readonly kinds: readonly MatchKind[];
};

export type MatchIndex = {
  /** Takes a record over as it is now; `undefined` takes it out. */
  place(id: string, values: Fields | undefined): void;
  /** The pairs with this record in them, in no particular order. */
  of(id: string): CouplePair[];
  /** Every two records that share a key, once. */
  pairs(): CouplePair[];
};

/** What more couples than this share is an agency's address or a switchboard, and tells nothing about any of them. */
const MOST_SHARING = 12;

/** Two people, or one with a last name: "Anna" alone on a date is no couple's name. */
function namesKey(values: Fields): string | undefined {
  const folded = (field: string): string => {
    const value = values[field];
    return typeof value === 'string' ? foldText(value) : '';
  };
  const people = [
    [folded('firstName'), folded('lastName')],
    [folded('partnerFirstName'), folded('partnerLastName')],
  ].filter((names) => names.some((name) => name !== ''));
  const isTelling = people.length === 2 || people.some((names) => names.every((name) => name !== ''));
  return isTelling
    ? people
        .map((names) => names.join(' '))
        .sort()
        .join(' & ')
    : undefined;
}

function keysOf(values: Fields, toE164: ToE164): (readonly [MatchKind, string])[] {
  const keys: (readonly [MatchKind, string])[] = [];
  const [email, phone, names] = [emailKey(values.email), phoneKey(values.phone), namesKey(values)];
  const { weddingDate } = values;
  if (email !== undefined) keys.push(['email', email]);
  if (typeof values.phone === 'string') {
    // Number plans know more than the last digits do, but not every number that people type.
    const e164 = values.phone.length > PHONE_MAX ? undefined : toE164(values.phone);
    if (phone !== undefined) keys.push(['phone', phone]);
    if (e164 !== undefined) keys.push(['phone', e164]);
  }
  if (names !== undefined && typeof weddingDate === 'string' && /^\d{4}-/.test(weddingDate))
    keys.push(['names-date', `${weddingDate} ${names}`]);
  return keys;
}

const createdAt = (values: Fields): number =>
  typeof values.createdAt === 'number' ? values.createdAt : Number.POSITIVE_INFINITY;

/** A phone number in its international form, where it can be told. */
export type ToE164 = (text: string) => string | undefined;

export function createMatchIndex(toE164: ToE164 = () => undefined): MatchIndex {
  const idsByKey = new Map<string, Set<string>>();
  const known = new Map<string, { keys: (readonly [MatchKind, string])[]; createdAt: number }>();

  function take(id: string): void {
    for (const [kind, key] of known.get(id)?.keys ?? []) {
      const ids = idsByKey.get(`${kind} ${key}`);
      ids?.delete(id);
      if (ids?.size === 0) idsByKey.delete(`${kind} ${key}`);
    }
    known.delete(id);
  }

  function sharingWith(id: string): Map<string, MatchKind[]> {
    const found = new Map<string, MatchKind[]>();
    for (const [kind, key] of known.get(id)?.keys ?? []) {
      const sharing = idsByKey.get(`${kind} ${key}`);
      if (sharing === undefined || sharing.size > MOST_SHARING) continue;
      for (const other of sharing) {
        const kinds = found.get(other) ?? [];
        if (other !== id && !kinds.includes(kind)) found.set(other, [...kinds, kind]);
      }
    }
    return found;
  }

  /** By when they were added, then by id: the same order on every device. */
  function isFirst(a: string, b: string): boolean {
    const [left, right] = [known.get(a)?.createdAt ?? 0, known.get(b)?.createdAt ?? 0];
    return left === right ? a < b : left < right;
  }

  return {
    place(id, values) {
      take(id);
      if (values === undefined) return;
      const keys = keysOf(values, toE164);
      known.set(id, { keys, createdAt: createdAt(values) });
      for (const [kind, key] of keys) {
        const ids = idsByKey.get(`${kind} ${key}`) ?? new Set();
        idsByKey.set(`${kind} ${key}`, ids.add(id));
      }
    },
    of: (id) =>
      [...sharingWith(id)].map(([other, kinds]) => ({
        ids: isFirst(id, other) ? [id, other] : [other, id],
        kinds,
      })),
    pairs() {
      const pairs: CouplePair[] = [];
      const sharing = new Set<string>();
      for (const ids of idsByKey.values()) if (ids.size > 1) for (const id of ids) sharing.add(id);
      for (const id of sharing)
        for (const [other, kinds] of sharingWith(id))
          if (isFirst(id, other)) pairs.push({ ids: [id, other], kinds });
      return pairs;
    },
  };
}
