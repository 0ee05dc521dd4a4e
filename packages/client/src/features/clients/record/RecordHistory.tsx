// What happened to this couple, newest first. Fetched when it is opened: it is kept on the server.
import { isValidValue } from '@wedsync/shared';
import { type ReactElement, useEffect, useState } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import { messages } from '../../../i18n/messages.ts';
import type { FieldValue, RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { useToasts } from '../../../ui/Toasts.tsx';
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

type RecordHistoryProps = {
  session: ListSession;
  record: RecordView;
  statuses: readonly StatusOption[];
  canEdit: boolean;
  load: LoadHistory;
};

export function RecordHistory({
  session,
  record,
  statuses,
  canEdit,
  load,
}: RecordHistoryProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState<State>({ state: 'closed' });
  const nowMs = useTick(60_000);
  const toasts = useToasts();
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

  const use = (field: string, value: FieldValue): void => {
    session.actions.edit(id, { [field]: value }, words.useStep(labelOf(field)));
    toasts.show({
      text: words.resolved(labelOf(field), valueText(field, value)),
      action: { label: messages.undo, run: () => void session.actions.undo() },
    });
  };

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
        <Entries
          entries={state.entries}
          record={record}
          statuses={statuses}
          nowMs={nowMs}
          onUse={canEdit ? use : undefined}
        />
      )}
    </section>
  );
}

type EntriesProps = {
  entries: readonly HistoryEntry[];
  record: RecordView;
  statuses: readonly StatusOption[];
  nowMs: number;
  onUse: ((field: string, value: FieldValue) => void) | undefined;
};

function Entries({ entries, record, statuses, nowMs, onUse }: EntriesProps): ReactElement {
  if (entries.length === 0) return <p className={styles.text}>{words.historyEmpty}</p>;
  return (
    <ol className={styles.entries}>
      {entries.map((entry) => (
        <li key={`${entry.field}-${entry.at}-${String(entry.value)}`} className={styles.entry}>
          <div className={styles.what}>
            <span>{entryText(entry, statuses)}</span>
            <span className={styles.who}>
              {entry.isSelf === true ? words.you : (entry.by ?? words.someone)} · {words.ago(entry.at, nowMs)}
            </span>
          </div>
          {onUse !== undefined && isUsable(entry, record) && (
            <Button
              aria-label={words.useThisLabel(valueText(entry.field, entry.value))}
              onClick={() => onUse(entry.field, entry.value)}
            >
              {words.useThis}
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}

/** A value that is no longer shown, and that a person may write. */
const isUsable = (entry: HistoryEntry, record: RecordView): entry is HistoryEntry & { value: FieldValue } =>
  entry.field in words.fields &&
  entry.value !== null &&
  entry.value !== record.values[entry.field] &&
  isValidValue(entry.field, entry.value);

function entryText({ field, value }: HistoryEntry, statuses: readonly StatusOption[]): string {
  const label = labelOf(field);
  if (value === null || value === undefined) return words.historyCleared(label);
  if (field === 'status') return words.historyTo(label, statusLabel(statuses, value));
  return words.historyTo(label, valueText(field, value as FieldValue));
}
