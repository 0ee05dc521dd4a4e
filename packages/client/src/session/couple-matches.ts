// Which couples of the open list may be one and the same. Kept up with the index, so it does not matter whether a couple
// was typed here, imported, or sent by a source, and it works offline. What a person has kept apart is left out.
import { APART_FIELD, apartId, type CouplePair, createMatchIndex } from '@wedsync/shared';
import { locale } from '../i18n/formatters.ts';
import type { ListIndex, RecordView } from './document-view.ts';
import { phoneToE164 } from './phone-number.ts';

export type CoupleMatches = {
  /** Pairs with this couple in them; the same array while they are the same. */
  of(id: string): readonly CouplePair[];
  /** All of them, the same array while nothing changed. */
  pairs(): readonly CouplePair[];
  subscribe(listener: () => void): () => void;
};

type Watched = Pick<ListIndex, 'ids' | 'get' | 'getMeta' | 'subscribe'>;

/** For as long couples are read before the page gets its turn. */
const TURN_MS = 8;
/** As many changes at once as are read in one turn. */
const MOST_AT_ONCE = 50;
const NONE: readonly CouplePair[] = [];
const known = new WeakMap<Watched, CoupleMatches>();

/** The matches of an index, worked out once for all who ask. The list is read piece by piece. */
export function coupleMatchesOf(index: Watched): CoupleMatches {
  const matches = known.get(index) ?? createCoupleMatches(index);
  known.set(index, matches);
  return matches;
}

function createCoupleMatches(index: Watched): CoupleMatches {
  const matches = createMatchIndex((text) => phoneToE164(text, locale));
  const listeners = new Set<() => void>();
  const answers = new Map<string, readonly CouplePair[]>();
  let all: readonly CouplePair[] | undefined;

  const isOpen = ({ ids: [a, b] }: CouplePair): boolean =>
    index.getMeta(apartId(a, b))?.values[APART_FIELD] !== true;
  const place = (id: string): void => matches.place(id, valuesOf(index.get(id)));
  const tell = (): void => {
    answers.clear();
    all = undefined;
    for (const listener of [...listeners]) listener();
  };
  const readOn = (ids: readonly string[], from: number): void => {
    const end = performance.now() + TURN_MS;
    let next = from;
    while (next < ids.length && performance.now() < end) place(ids[next++] ?? '');
    if (next < ids.length) setTimeout(readOn, 0, ids, next);
    else tell();
  };

  readOn([...index.ids()], 0);
  index.subscribe(({ ids }) => {
    // The whole list at once: it was opened, or its copy replaced.
    if (ids.size > MOST_AT_ONCE) readOn([...ids], 0);
    else {
      for (const id of ids) place(id);
      tell();
    }
  });

  return {
    of(id) {
      const answer = answers.get(id);
      if (answer !== undefined) return answer;
      const found = matches.of(id).filter(isOpen);
      const pairs = found.length === 0 ? NONE : found;
      answers.set(id, pairs);
      return pairs;
    },
    pairs() {
      all ??= matches.pairs().filter(isOpen);
      return all;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const valuesOf = (record: RecordView | undefined): RecordView['values'] | undefined =>
  record?.state === 'alive' || record?.state === 'edit-delete' ? record.values : undefined;
