// What the schedules know without reading the document's rules: which values were written, and which of them somebody
// who saw them overwrote. Live must be exactly the rest.
import { compareStamps, type Entry, isBase, isRegister, type Stamp } from '../doc/entry.ts';
import { type LiveValue, partsOf } from '../doc/live.ts';

type Written = Stamp & { id: string; field: string };

function keyOf(id: string, field: string, value: unknown, { hlc, actor }: Stamp): string {
  return JSON.stringify([id, field, value, hlc, actor]);
}

/** Live values of a record's entries as the oracle names them. */
export function valueKeysOf(id: string, entries: readonly Entry[]): string[] {
  return [...partsOf(entries).live].flatMap(([field, values]) =>
    values.map((value) => keyOf(id, field, value.value, value)),
  );
}

export class Oracle {
  readonly #written = new Map<string, Written>();
  readonly #overwritten = new Set<string>();

  overwrite(id: string, field: string, values: readonly LiveValue[]): void {
    for (const value of values) this.#overwritten.add(keyOf(id, field, value.value, value));
  }

  overwriteKeys(keys: readonly string[]): void {
    for (const key of keys) this.#overwritten.add(key);
  }

  write(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const id = entry[0];
      if (isRegister(entry)) this.#add(id, entry[1], entry[2], { hlc: entry[3], actor: entry[4] });
      if (!isBase(entry)) continue;
      const stamp = { hlc: entry[2], actor: entry[3] };
      for (const [field, value] of Object.entries(entry[1])) this.#add(id, field, value, stamp);
    }
  }

  live(id: string): string[] {
    return [...this.#standing(id)].map(([key]) => key).sort();
  }

  latest(id: string, field: string): Stamp | undefined {
    const stamps = this.#standing(id)
      .filter(([, written]) => written.field === field)
      .map(([, written]) => written);
    return stamps.sort(compareStamps).at(-1);
  }

  #standing(id: string): [string, Written][] {
    return [...this.#written].filter(([key, written]) => written.id === id && !this.#overwritten.has(key));
  }

  #add(id: string, field: string, value: unknown, stamp: Stamp): void {
    this.#written.set(keyOf(id, field, value, stamp), { id, field, ...stamp });
  }
}
