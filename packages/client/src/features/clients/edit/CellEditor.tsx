// Turns a cell of the grid into the editor of its field, and what was typed into one edit.
import { type ReactElement, useEffect, useRef } from 'react';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { StatusChoices } from '../cells/StatusSelect.tsx';
import type { StatusOption } from '../statuses.ts';
import styles from './CellEditor.module.css';
import { type EditEnd, FieldEditor } from './FieldEditor.tsx';
import { editText, toChanges } from './typed-text.ts';

type CellEditorProps = {
  session: ListSession;
  record: RecordView;
  field: string;
  statuses: readonly StatusOption[];
  label: string;
  today: string;
  onEnd: (end: EditEnd) => void;
};

export function CellEditor({
  session,
  record,
  field,
  statuses,
  label,
  today,
  onEnd,
}: CellEditorProps): ReactElement {
  if (field === 'status')
    return <StatusEditor session={session} record={record} statuses={statuses} label={label} onEnd={onEnd} />;
  return (
    <FieldEditor
      label={label}
      field={field}
      initialText={editText(field, record)}
      isTabOurs
      commit={(text) => {
        const result = toChanges(field, text, record, today);
        if (!result.ok) return result.message;
        session.actions.edit(record.id, result.changes);
        return undefined;
      }}
      onEnd={onEnd}
    />
  );
}

type StatusEditorProps = Pick<CellEditorProps, 'session' | 'record' | 'statuses' | 'label' | 'onEnd'>;

function StatusEditor({ session, record, statuses, label, onEnd }: StatusEditorProps): ReactElement {
  const select = useRef<HTMLSelectElement>(null);
  useEffect(() => select.current?.focus(), []);
  const current = typeof record.values.status === 'string' ? record.values.status : '';
  return (
    <select
      ref={select}
      className={styles.select}
      aria-label={label}
      defaultValue={current}
      onChange={(event) =>
        session.actions.edit(record.id, {
          status: event.currentTarget.value === '' ? null : event.currentTarget.value,
        })
      }
      onBlur={() => onEnd('leave')}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'Tab') return;
        event.preventDefault();
        event.stopPropagation();
        onEnd(
          event.key === 'Tab'
            ? event.shiftKey
              ? 'previous'
              : 'next'
            : event.key === 'Enter'
              ? 'enter'
              : 'escape',
        );
      }}
    >
      <StatusChoices statuses={statuses} current={current} />
    </select>
  );
}
