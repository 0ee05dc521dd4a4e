// Events of sources as rows: what each one was, what became of it and why, and a way to apply it again.
import type { Delivery } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { namesOfTouched } from '../../i18n/field-names.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { DeliveryBody } from './DeliveryBody.tsx';
import styles from './DeliveryList.module.css';
import { outcomeOf } from './source-state.ts';
import type { SourceTools } from './source-tools-api.ts';
import type { SourcesApi } from './sources-api.ts';

/** What rows need beside the events. */
export type DeliveryActions = {
  readonly api: SourcesApi;
  readonly tools: SourceTools;
  readonly hrefOf: (recordId: string) => string;
  readonly onOpen: (recordId: string) => void;
};

type DeliveryRowsProps = DeliveryActions & {
  deliveries: readonly Delivery[];
  nowMs: number;
  /** One was applied again. */
  onReplayed: () => Promise<void>;
};

export function DeliveryRows(props: DeliveryRowsProps): ReactElement {
  const { deliveries, api, tools, nowMs, hrefOf, onOpen, onReplayed } = props;
  const toasts = useToasts();
  const replay = async (id: string): Promise<void> => {
    try {
      await api.replay(id);
      toasts.show({ text: words.replayed });
      await onReplayed();
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    }
  };
  return (
    <ul className={styles.list}>
      {deliveries.map((delivery) => (
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
  );
}

type DeliveryRowProps = {
  delivery: Delivery;
  tools: SourceTools;
  nowMs: number;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
  onReplay: () => void;
};

function DeliveryRow({ delivery, tools, nowMs, hrefOf, onOpen, onReplay }: DeliveryRowProps): ReactElement {
  const { event, state, reason, receivedAt, fields, recordId } = delivery;
  const [isOpen, setOpen] = useState(false);
  const outcome = outcomeOf(state);
  const touched = namesOfTouched(fields);
  const details = reason ?? (touched.length > 0 ? words.touched(touched) : undefined);
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
        <Button
          kind="quiet"
          className={styles.toggle}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? words.hideBody : words.showBody}
        </Button>
        {isOpen && <DeliveryBody tools={tools} id={delivery.id} />}
      </div>
      {outcome.canReplay && (
        <Button kind="quiet" onClick={onReplay}>
          {words.replay}
        </Button>
      )}
    </li>
  );
}
