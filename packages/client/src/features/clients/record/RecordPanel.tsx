// One couple: names and date large, then the day, contacts, booking, tags, notes and history. A side panel on wide
// windows, the whole screen on a phone, a booking sheet on paper.
import { lazy, type ReactElement, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import { messages } from '../../../i18n/messages.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { useClientRecord, useSubscribable } from '../../../session/react.ts';
import { IconButton } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Menu, type MenuItem } from '../../../ui/Menu.tsx';
import { coupleOf } from '../edit/field-text.ts';
import { useStatuses } from '../statuses.ts';
import { ClashNotice } from './ClashNotice.tsx';
import { ConflictList } from './ConflictList.tsx';
import type { LoadHistory } from './history.ts';
import { RecordFields } from './RecordFields.tsx';
import { RecordHero } from './RecordHero.tsx';
import { RecordNotes } from './RecordNotes.tsx';
import styles from './RecordPanel.module.css';
import { StateNotice } from './StateNotice.tsx';
import { useRecordActions } from './use-record-actions.ts';

const RecordHistory = lazy(() =>
  import('./RecordHistory.tsx').then((module) => ({ default: module.RecordHistory })),
);

type RecordPanelProps = {
  session: ListSession;
  recordId: string;
  isPhone: boolean;
  loadHistory: LoadHistory;
  /** What other parts of the app have to say about this couple. */
  notice: ReactNode;
  onClose: () => void;
};

export function RecordPanel({
  session,
  recordId,
  isPhone,
  loadHistory,
  notice,
  onClose,
}: RecordPanelProps): ReactElement {
  const record = useClientRecord(session, recordId);
  const canEdit = useSubscribable(session.canEdit);
  const statuses = useStatuses(session);
  const actions = useRecordActions(session);
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    session.setEditing(recordId);
    return () => session.setEditing(undefined);
  }, [session, recordId]);
  // Opening takes the focus to the record; going from couple to couple with J and K leaves it in the list.
  useEffect(() => {
    panel.current?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (panel.current !== null) panel.current.scrollTop = 0;
  }, [recordId]);

  const isGone = record === undefined || record.state === 'absent';
  const isAlive = record !== undefined && (record.state === 'alive' || record.state === 'edit-delete');
  const items: MenuItem[] = [{ type: 'action', label: words.print, icon: 'printer', run: () => print() }];
  if (isAlive && canEdit && typeof record.values.photo === 'string')
    items.push({
      type: 'action',
      label: words.removePhoto,
      icon: 'close',
      run: () => session.actions.edit(recordId, { photo: null }, words.removePhoto),
    });
  if (isAlive && canEdit)
    items.push(
      { type: 'line' },
      {
        type: 'action',
        label: words.delete,
        icon: 'trash',
        isDanger: true,
        run: () => {
          actions.remove(record);
          onClose();
        },
      },
    );

  return (
    <article
      ref={panel}
      className={styles.panel}
      aria-label={record === undefined ? words.missing : coupleOf(record)}
    >
      <div className={styles.bar}>
        <IconButton
          icon={isPhone ? 'back' : 'close'}
          label={isPhone ? words.back : words.closePanel}
          onClick={onClose}
        />
        <span className={styles.space} />
        {!isGone && <Menu label={words.moreActions} items={items} icon="more" />}
      </div>
      {isGone ? (
        <EmptyState
          frames={['empty', 'empty', 'empty']}
          chosen={0}
          title={words.missing}
          text={words.missingText}
        />
      ) : (
        <div className={styles.content}>
          <RecordHero session={session} record={record} statuses={statuses} canEdit={canEdit && isAlive} />
          <StateNotice record={record} canEdit={canEdit} actions={actions} />
          {notice}
          <ClashNotice session={session} record={record} />
          <ConflictList session={session} record={record} canEdit={canEdit} />
          <RecordFields session={session} record={record} canEdit={canEdit && isAlive} />
          <RecordNotes key={recordId} session={session} record={record} canEdit={canEdit && isAlive} />
          <Suspense fallback={<p className={styles.loading}>{messages.loading}</p>}>
            <RecordHistory
              key={recordId}
              session={session}
              record={record}
              statuses={statuses}
              canEdit={canEdit && isAlive}
              load={loadHistory}
            />
          </Suspense>
        </div>
      )}
    </article>
  );
}
