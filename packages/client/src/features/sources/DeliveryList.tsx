// The newest events of a source, to be searched and applied again.
import { DELIVERY_STATES } from '@wedsync/shared';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Field, SelectField } from '../../ui/Field.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { useTick } from '../../ui/use-tick.ts';
import styles from './DeliveryList.module.css';
import { type DeliveryActions, DeliveryRows } from './DeliveryRows.tsx';
import toolStyles from './DeliveryTools.module.css';
import { ReplayMany } from './ReplayMany.tsx';

type DeliveryListProps = DeliveryActions & { sourceId: string };

/** While the list is open it is asked for again this often, so that a pasted command shows up by itself. */
const REFRESH_MS = 4_000;

export function DeliveryList({ sourceId, ...actions }: DeliveryListProps): ReactElement {
  const { tools } = actions;
  const [filter, setFilter] = useState({ text: '', state: '' });
  const load = useCallback(() => tools.search(sourceId, filter), [tools, sourceId, filter]);
  const [loaded, reload] = useLoad(load);
  const nowMs = useTick(REFRESH_MS);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [reload]);

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
        <DeliveryRows {...actions} deliveries={loaded.value} nowMs={nowMs} onReplayed={reload} />
      )}
      <ReplayMany tools={tools} sourceId={sourceId} onDone={reload} />
    </>
  );
}
