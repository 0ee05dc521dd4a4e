// The status pill that is also a choice: the browser's own select lies over it, so it is right on every device.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { type StatusOption, statusLabel } from '../statuses.ts';
import { StatusPill } from './StatusPill.tsx';
import styles from './StatusSelect.module.css';

type StatusSelectProps = {
  session: ListSession;
  record: RecordView;
  statuses: readonly StatusOption[];
  couple: string;
  canEdit: boolean;
  /** In the grid the arrow keys lead here, so it is no tab stop of its own. */
  isTabStop?: boolean;
};

export function StatusSelect({
  session,
  record,
  statuses,
  couple,
  canEdit,
  isTabStop = false,
}: StatusSelectProps): ReactElement {
  const { status } = record.values;
  const id = typeof status === 'string' ? status : '';
  const label = statusLabel(statuses, id);
  return (
    <span className={styles.status}>
      {id === '' ? (
        <span className={styles.none}>{words.noStatus}</span>
      ) : (
        <StatusPill statusId={id} label={label} />
      )}
      {canEdit && (
        <select
          className={styles.select}
          aria-label={words.changeStatus(couple)}
          value={id}
          tabIndex={isTabStop ? 0 : -1}
          onClick={(event) => event.stopPropagation()}
          onChange={(event) =>
            session.actions.edit(record.id, {
              status: event.currentTarget.value === '' ? null : event.currentTarget.value,
            })
          }
        >
          <StatusChoices statuses={statuses} current={id} />
        </select>
      )}
    </span>
  );
}

/** The options; a status that the list does not know (any more) stays choosable as itself. */
export function StatusChoices({
  statuses,
  current,
}: {
  statuses: readonly StatusOption[];
  current: string;
}): ReactElement {
  const isKnown = current === '' || statuses.some(({ id }) => id === current);
  return (
    <>
      <option value="">{words.noStatus}</option>
      {statuses.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
      {!isKnown && <option value={current}>{current}</option>}
    </>
  );
}
