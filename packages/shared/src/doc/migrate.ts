// Steps between formats of a document (DOC-9). A step upgrades one record at a time, so that what a device two versions
// behind writes offline and delivers months later is brought up to date in the same way as everything before it.
import type { Fields } from './entry.ts';
import { FORMAT_FIELD, formatOf, isWritable } from './format.ts';
import { FORMAT } from './layout.ts';
import type { ListIndex } from './list-index.ts';
import type { RecordView } from './live.ts';
import type { Intent, ListWriter } from './writer.ts';

export type MigrationStep = {
  /** The format that the document has when all records are upgraded. */
  readonly to: number;
  /**
   * What to write into a record that has an older shape; undefined where nothing is to be done. Reads nothing but the
   * record, so that two devices that upgrade it at once write equal values, which is agreement and no conflict. Writing
   * a field overwrites all its values: of fields in conflict a step keeps its hands off until somebody has decided.
   */
  readonly upgrade: (view: RecordView) => Fields | undefined;
};

/** In order of `to`. None yet: format 1 is the first. */
export const MIGRATIONS: readonly MigrationStep[] = [];

type Migration = {
  readonly index: ListIndex;
  readonly writer: ListWriter;
  readonly steps?: readonly MigrationStep[];
};

/**
 * Upgrades what these records hold in older shapes; call it for records that arrive from others. Records in the trash
 * keep their shape until they are restored. Doing it again writes nothing.
 */
export function upgradeRecords(ids: Iterable<string>, migration: Migration): Intent[] {
  const { index, writer, steps = MIGRATIONS } = migration;
  const intents: Intent[] = [];
  if (steps.length === 0 || !isWritable(index)) return intents;
  for (const id of ids) {
    for (const { upgrade } of steps) {
      const view = index.get(id);
      if (view === undefined || (view.state !== 'alive' && view.state !== 'edit-delete')) continue;
      const fields = upgrade(view);
      if (fields !== undefined) intents.push(writer.set(id, fields));
    }
  }
  return intents;
}

/**
 * Brings a document to this app's format: first its records, then the number, so that a crash in between only means
 * to do it again. Nothing to do in documents that have it, and in those of a newer app, which are read-only here.
 */
export function migrate(migration: Migration): Intent[] {
  const { index, writer, steps = MIGRATIONS } = migration;
  const from = formatOf(index);
  const due = steps.filter(({ to }) => to > from && to <= FORMAT);
  const last = due.at(-1);
  if (last === undefined) return [];
  // Copied: the index changes with each record that is written.
  const intents = upgradeRecords([...index.ids()], { index, writer, steps: due });
  return [...intents, writer.setMeta('list', { [FORMAT_FIELD]: last.to })];
}
