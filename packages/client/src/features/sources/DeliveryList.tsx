// The newest events of a source: what each one was, what became of it and why, and a way to apply it again.
import type { Delivery } from '@wedsync/shared';
import { type ReactElement, useCallback, useEffect } from 'react';
import { recordMessages } from '../../i18n/messages/record.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { useTick } from '../../ui/use-tick.ts';
import styles from './DeliveryList.module.css';
import { outcomeOf } from './source-state.ts';
import type { SourcesApi } from './sources-api.ts';

type DeliveryListProps = {
  api: SourcesApi;
  sourceId: string;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
};

/** While the list is open it is asked for again this often, so that a pasted command shows up by itself. */
const REFRESH_MS = 4_000;

export function DeliveryList({ api, sourceId, hrefOf, onOpen }: DeliveryListProps): ReactElement {
  const load = useCallback(() => api.deliveries(sourceId), [api, sourceId]);
  const [loaded, reload] = useLoad(load);
  const toasts = useToasts();
  const nowMs = useTick(REFRESH_MS);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const replay = async (id: string): Promise<void> => {
    try {
      await api.replay(id);
      toasts.show({ text: words.replayed });
      await reload();
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    }
  };

  if (loaded.state === 'loading') return <p className={styles.note}>{messages.loading}</p>;
  if (loaded.state === 'failed') return <p className={styles.note}>{words.failed}</p>;
  if (loaded.value.length === 0) return <p className={styles.note}>{words.noDeliveries}</p>;
  return (
    <ul className={styles.list}>
      {loaded.value.map((delivery) => (
        <DeliveryRow
          key={delivery.id}
          delivery={delivery}
          nowMs={nowMs}
          hrefOf={hrefOf}
          onOpen={onOpen}
          onReplay={() => void replay(delivery.id)}
        />
      ))}
    </ul>
  );
}

type DeliveryRowProps = {
  delivery: Delivery;
  nowMs: number;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
  onReplay: () => void;
};

function DeliveryRow({ delivery, nowMs, hrefOf, onOpen, onReplay }: DeliveryRowProps): ReactElement {
  const { event, state, reason, receivedAt, fields, recordId } = delivery;
  const outcome = outcomeOf(state);
  const details =
    reason ??
    (fields.length > 0
      ? words.touched(fields.map((field) => recordMessages.fields[field] ?? field))
      : undefined);
  return (
    <li className={styles.row}>
      <span className={cx(styles.mark, styles[outcome.tone])}>
        <Icon name={outcome.icon} size={16} />
      </span>
      <div className={styles.what}>
        <p>
          <strong>{words.events[event] ?? event}</strong>
          <span className={cx(styles.outcome, styles[outcome.tone])}>{words.outcomes[state]}</span>
        </p>
        {details !== undefined && <p className={styles.details}>{details}</p>}
        <p className={styles.when} title={words.at(receivedAt)}>
          {words.ago(receivedAt, nowMs)}
          {recordId !== undefined && (
            <>
              {' · '}
              <a
                href={hrefOf(recordId)}
                onClick={(click) => {
                  click.preventDefault();
                  onOpen(recordId);
                }}
              >
                {words.openCouple}
              </a>
            </>
          )}
        </p>
      </div>
      {outcome.canReplay && (
        <Button kind="quiet" onClick={onReplay}>
          {words.replay}
        </Button>
      )}
    </li>
  );
}
