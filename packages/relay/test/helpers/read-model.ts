// Whether `client_list_cache` says what the list says.
import type { FieldValue, RecordView } from '@wedsync/shared';
import type { CacheRow, Studio } from './studio.ts';
import { until } from './until.ts';

/** A list as a device shows it, whatever stands behind. */
interface ShownList {
  get(id: string): Pick<RecordView, 'state' | 'values' | 'conflicts' | 'isPurged'> | undefined;
  ids(): Iterable<string>;
  trash(): Iterable<string>;
}

/** What Postgres can store of a value. */
const storable = (value: FieldValue) =>
  typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;

function shown(index: ShownList): Record<string, unknown> {
  const states = new Map<string, unknown>();
  for (const id of [...index.ids(), ...index.trash()]) {
    const view = index.get(id);
    if (view === undefined) continue;
    const isShown = view.state === 'alive' || view.state === 'edit-delete';
    states.set(id, {
      fields: Object.fromEntries(
        Object.entries(view.values).map(([field, value]) => [field, storable(value)]),
      ),
      conflict: isShown && (view.state === 'edit-delete' || Object.keys(view.conflicts).length > 0),
      deleted: !isShown,
    });
  }
  return Object.fromEntries([...states].sort());
}

/** Purged and erased records stay as rows without values; the list shows nothing of them. */
function stored(rows: readonly CacheRow[], index: ShownList): Record<string, unknown> {
  const kept = rows.filter(({ record_id: id, fields }) => {
    const view = index.get(id);
    return view === undefined || !view.isPurged || Object.keys(fields).length > 0;
  });
  return Object.fromEntries(
    kept
      .map(
        ({ record_id: id, fields, conflict, deleted_at: deletedAt }) =>
          [id, { fields, conflict, deleted: deletedAt !== null }] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** Resolves when the read model equals what the device shows; otherwise rejects with both. */
export async function expectReadModelEqual(studio: Studio, index: ShownList): Promise<void> {
  let rows: CacheRow[] = [];
  try {
    await until(async () => {
      rows = await studio.cache();
      return same(stored(rows, index), shown(index));
    });
  } catch (cause) {
    const text = JSON.stringify(
      { stored: sorted(stored(rows, index)), shown: sorted(shown(index)) },
      null,
      1,
    );
    throw new Error(`the read model differs from the list: ${text}`, { cause });
  }
}
