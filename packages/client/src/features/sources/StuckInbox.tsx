// Events of all sources that need a person: kept aside because they were not understood, or failed.
import { type ReactElement, useCallback } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { useLoad } from '../../ui/use-load.ts';
import { useTick } from '../../ui/use-tick.ts';
import styles from './DeliveryList.module.css';
import { type DeliveryActions, DeliveryRows } from './DeliveryRows.tsx';

type StuckInboxProps = DeliveryActions & { listId: string };

export function StuckInbox({ listId, ...actions }: StuckInboxProps): ReactElement | null {
  const { tools } = actions;
  const load = useCallback(() => tools.stuck(listId), [tools, listId]);
  const [loaded, reload] = useLoad(load);
  const nowMs = useTick(30_000);
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null;
  return (
    <section>
      <h2>{words.stuckTitle(loaded.value.length)}</h2>
      <p className={styles.note}>{words.stuckLead}</p>
      <DeliveryRows {...actions} deliveries={loaded.value} nowMs={nowMs} onReplayed={reload} />
    </section>
  );
}
