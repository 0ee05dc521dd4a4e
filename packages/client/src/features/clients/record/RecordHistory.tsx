// What happened to this couple, newest first. Fetched when it is opened: it is kept on the server.
import { type ReactElement, useEffect, useState } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import { messages } from '../../../i18n/messages.ts';
import type { FieldValue, RecordView } from '../../../session/document-view.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { useTick } from '../../../ui/use-tick.ts';
import { type StatusOption, statusLabel } from '../statuses.ts';
import { labelOf, valueText } from './ConflictList.tsx';
import type { HistoryEntry, LoadHistory } from './history.ts';
import styles from './RecordHistory.module.css';

type State =
  | { state: 'closed' }
  | { state: 'loading' }
  | { state: 'ready'; entries: readonly HistoryEntry[] }
  | { state: 'failed' };

type RecordHistoryProps = { record: RecordView; statuses: readonly StatusOption[]; load: LoadHistory };

export function RecordHistory({ record, statuses, load }: RecordHistoryProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState<State>({ state: 'closed' });
  const nowMs = useTick(60_000);
  const { id } = record;

  useEffect(() => {
    if (!isOpen) return;
    let isCurrent = true;
    setState((last) => (last.state === 'ready' ? last : { state: 'loading' }));
    load(id).then(
      (entries) => isCurrent && setState({ state: 'ready', entries }),
      () => isCurrent && setState({ state: 'failed' }),
    );
    return () => {
      isCurrent = false;
    };
  }, [isOpen, id, load, record]);

  return (
    <section className={styles.history}>
      <h3>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="history" size={18} />
          <span>{words.history}</span>
          <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={16} />
        </button>
      </h3>
      {isOpen && state.state === 'loading' && <p className={styles.text}>{messages.loading}</p>}
      {isOpen && state.state === 'failed' && (
        <div className={styles.failed}>
          <p className={styles.text}>{navigator.onLine ? words.historyFailed : words.historyOffline}</p>
          <Button onClick={() => setOpen(false)}>{messages.close}</Button>
        </div>
      )}
      {isOpen && state.state === 'ready' && (
        <Entries entries={state.entries} statuses={statuses} nowMs={nowMs} />
      )}
    </section>
  );
}

type EntriesProps = { entries: readonly HistoryEntry[]; statuses: readonly StatusOption[]; nowMs: number };

function Entries({ entries, statuses, nowMs }: EntriesProps): ReactElement {
  if (entries.length === 0) return <p className={styles.text}>{words.historyEmpty}</p>;
  return (
    <ol className={styles.entries}>
      {entries.map((entry) => (
        <li key={`${entry.field}-${entry.at}-${String(entry.value)}`} className={styles.entry}>
          <span>{entryText(entry, statuses)}</span>
          <span className={styles.who}>
            {entry.isSelf === true ? words.you : (entry.by ?? words.someone)} · {words.ago(entry.at, nowMs)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function entryText({ field, value }: HistoryEntry, statuses: readonly StatusOption[]): string {
  const label = labelOf(field);
  if (value === null || value === undefined) return words.historyCleared(label);
  if (field === 'status') return words.historyTo(label, statusLabel(statuses, value));
  return words.historyTo(label, valueText(field, value as FieldValue));
}
