// The newest events of a source: what each one was, what became of it and why, and a way to apply it again.
import { DELIVERY_STATES, type Delivery } from '@wedsync/shared';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { namesOfTouched } from '../../i18n/field-names.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Field, SelectField } from '../../ui/Field.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { useTick } from '../../ui/use-tick.ts';
import { DeliveryBody } from './DeliveryBody.tsx';
import styles from './DeliveryList.module.css';
import toolStyles from './DeliveryTools.module.css';
import { ReplayMany } from './ReplayMany.tsx';
import { outcomeOf } from './source-state.ts';
import type { SourceTools } from './source-tools-api.ts';
import type { SourcesApi } from './sources-api.ts';

type DeliveryListProps = {
  api: SourcesApi;
  tools: SourceTools;
  sourceId: string;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
};

/** While the list is open it is asked for again this often, so that a pasted command shows up by itself. */
const REFRESH_MS = 4_000;

export function DeliveryList({ api, tools, sourceId, hrefOf, onOpen }: DeliveryListProps): ReactElement {
  const [filter, setFilter] = useState({ text: '', state: '' });
  const load = useCallback(() => tools.search(sourceId, filter), [tools, sourceId, filter]);
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

  return (
    <>
      <div className={toolStyles.tools}>
        <Field
          label={words.search}
          type="search"
          value={filter.text}
          maxLength={200}
          onChange={(event) => {
            const { value: text } = event.currentTarget;
            setFilter((before) => ({ ...before, text }));
          }}
        />
        <SelectField
          label={words.outcome}
          value={filter.state}
          onChange={(event) => {
            const { value: state } = event.currentTarget;
            setFilter((before) => ({ ...before, state }));
          }}
        >
          <option value="">{words.anyOutcome}</option>
          {DELIVERY_STATES.filter((state) => state !== 'duplicate').map((state) => (
            <option key={state} value={state}>
              {words.outcomes[state]}
            </option>
          ))}
        </SelectField>
      </div>
      {loaded.state === 'loading' && <p className={styles.note}>{messages.loading}</p>}
      {loaded.state === 'failed' && <p className={styles.note}>{words.failed}</p>}
      {loaded.state === 'ready' && loaded.value.length === 0 && (
        <p className={styles.note}>{words.noDeliveries}</p>
      )}
      {loaded.state === 'ready' && loaded.value.length > 0 && (
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
      )}
      <ReplayMany tools={tools} sourceId={sourceId} onDone={reload} />
    </>
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

export function DeliveryRow({
  delivery,
  tools,
  nowMs,
  hrefOf,
  onOpen,
  onReplay,
}: DeliveryRowProps): ReactElement {
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
