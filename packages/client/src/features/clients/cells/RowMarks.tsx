// The small marks at the end of a row: something to decide, a day taken twice, something not stored yet, somebody here.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession, Peer, WaitingState } from '../../../session/list-session.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { useDateClash } from '../use-date-clash.ts';
import { needsAttention } from '../views.ts';
import { PeerDots } from './PeerDots.tsx';
import styles from './RowMarks.module.css';

type RowMarksProps = {
  session: ListSession;
  record: RecordView;
  waiting: WaitingState;
  peers: readonly Peer[] | undefined;
};

export function RowMarks({ session, record, waiting, peers }: RowMarksProps): ReactElement {
  const hasClash = useDateClash(session, record.id).length > 0;
  return (
    <span className={styles.marks}>
      {peers !== undefined && <PeerDots peers={peers} />}
      {hasClash && (
        <span className={styles.conflict} title={words.marks.clash}>
          <Icon name="calendar" size={18} label={words.marks.clash} />
        </span>
      )}
      {needsAttention(record) && (
        <span
          className={styles.conflict}
          title={words.marks[record.state === 'edit-delete' ? 'edit-delete' : 'conflict']}
        >
          <Icon
            name="versions"
            size={18}
            label={words.marks[record.state === 'edit-delete' ? 'edit-delete' : 'conflict']}
          />
        </span>
      )}
      <WaitingMark waiting={waiting} />
    </span>
  );
}

function WaitingMark({ waiting }: { waiting: WaitingState }): ReactElement | null {
  if (waiting === 'stored') return null;
  const label = words.marks[waiting];
  return (
    <span className={waiting === 'stuck' ? styles.stuck : styles.waiting} title={label}>
      <Icon
        name={waiting === 'stuck' ? 'warning' : waiting === 'sent' ? 'cloudUp' : 'device'}
        size={18}
        label={label}
      />
    </span>
  );
}
