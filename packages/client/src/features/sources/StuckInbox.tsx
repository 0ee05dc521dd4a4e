// Events of all sources that need a person: kept aside because they were not understood, or failed.
import { type ReactElement, useCallback } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { useToasts } from '../../ui/Toasts.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { useTick } from '../../ui/use-tick.ts';
import styles from './DeliveryList.module.css';
import { DeliveryRow } from './DeliveryList.tsx';
import type { SourceTools } from './source-tools-api.ts';
import type { SourcesApi } from './sources-api.ts';

type StuckInboxProps = {
  api: SourcesApi;
  tools: SourceTools;
  listId: string;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
};

export function StuckInbox({ api, tools, listId, hrefOf, onOpen }: StuckInboxProps): ReactElement | null {
  const load = useCallback(() => tools.stuck(listId), [tools, listId]);
  const [loaded, reload] = useLoad(load);
  const toasts = useToasts();
  const nowMs = useTick(30_000);
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null;
  const replay = async (id: string): Promise<void> => {
    try {
      await api.replay(id);
      toasts.show({ text: words.replayed });
      await reload();
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    }
  };
  return (
    <section>
      <h2>{words.stuckTitle(loaded.value.length)}</h2>
      <p className={styles.note}>{words.stuckLead}</p>
      <ul className={styles.list}>
        {loaded.value.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            tools={tools}
            nowMs={nowMs}
            hrefOf={hrefOf}
            onOpen={onOpen}
            onReplay={() => void replay(delivery.id)}
          />
        ))}
      </ul>
    </section>
  );
}
