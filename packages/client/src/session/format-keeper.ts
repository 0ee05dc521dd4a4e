// Brings an open list to this app's format, and keeps it there when a device that is behind delivers old shapes
// (DOC-9). One tab of a device does it: the one that leads.
import { type Intent, MIGRATIONS, type MigrationStep, migrate, upgradeRecords } from '@wedsync/shared';
import type { RecordsIntent } from './actions.ts';
import type { ListParts } from './list-parts.ts';
import type { ActionRecord, Replica } from './replica.ts';

export type FormatKeeper = {
  /** The list has been read, is complete, and may be written. */
  bring(): void;
  /** These records arrived from others. */
  arrived(ids: Iterable<string>): void;
};

export function createFormatKeeper(options: {
  readonly replica: Pick<Replica, 'act' | 'tabs'>;
  readonly parts: () => ListParts;
  readonly mayWrite: () => boolean;
  readonly steps?: readonly MigrationStep[] | undefined;
}): FormatKeeper {
  const { replica, parts, mayWrite, steps = MIGRATIONS } = options;

  function write(work: () => Intent[]): void {
    if (steps.length === 0) return;
    // After the transaction that brought the news: what is written inside of it could not be told from it.
    queueMicrotask(() => {
      if (replica.tabs.isLeader.value && mayWrite()) act(work);
    });
  }

  function act(work: () => Intent[]): void {
    replica.act((): ActionRecord | undefined => {
      const intents = work();
      if (intents.length === 0) return undefined;
      const intent: RecordsIntent = { type: 'records', intents };
      const ids = intents.flatMap((each) =>
        each.parts.map(({ id }) => (each.target === 'meta' ? `meta:${id}` : id)),
      );
      return { name: 'Bring the list up to date', recordIds: [...new Set(ids)], intent };
    });
  }

  return {
    bring: () => write(() => migrate({ ...parts(), steps })),
    arrived: (ids) => write(() => upgradeRecords(ids, { ...parts(), steps })),
  };
}
