// Says that a couple is in the trash, or that one person deleted it while another edited it.
import type { ReactElement } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import styles from './Notice.module.css';
import type { RecordActions } from './use-record-actions.ts';

type StateNoticeProps = { record: RecordView; canEdit: boolean; actions: RecordActions };

export function StateNotice({ record, canEdit, actions }: StateNoticeProps): ReactElement | null {
  if (record.state === 'trashed')
    return (
      <section className={styles.notice}>
        <Icon name="trash" />
        <div className={styles.text}>
          <h3>{words.deletedTitle}</h3>
        </div>
        {canEdit && (
          <Button icon="restore" onClick={() => actions.restore(record)}>
            {words.restore}
          </Button>
        )}
      </section>
    );
  if (record.state !== 'edit-delete') return null;
  return (
    <section className={styles.strong}>
      <Icon name="versions" />
      <div className={styles.text}>
        <h3>{words.editDeleteTitle}</h3>
        <p>{words.editDeleteText}</p>
        {canEdit && (
          <div className={styles.actions}>
            <Button kind="primary" onClick={() => actions.restore(record)}>
              {words.keepCouple}
            </Button>
            <Button onClick={() => actions.remove(record)}>{words.confirmDelete}</Button>
          </div>
        )}
      </div>
    </section>
  );
}
