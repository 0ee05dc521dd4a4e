// Changes that have waited for more than a day nag, and offer the backup file (LOCAL-6).
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { syncMessages as words } from '../../i18n/messages/sync.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSyncStatus } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import { useTick } from '../../ui/use-tick.ts';
import styles from './OldEditsNotice.module.css';
import { saveBackup } from './save-backup.ts';

const OLD_MS = 24 * 60 * 60_000;
const LOOK_EVERY_MS = 60_000;

type OldEditsNoticeProps = { session: ListSession; deviceHref: string };

export function OldEditsNotice({ session, deviceHref }: OldEditsNoticeProps): ReactElement | null {
  const { since, waitingRecords } = useSyncStatus(session);
  useTick(since === undefined ? undefined : LOOK_EVERY_MS);
  if (since === undefined || waitingRecords === 0 || session.now() - since < OLD_MS) return null;
  return (
    <div className={styles.notice} role="status">
      <p>{words.oldEdits(waitingRecords)}</p>
      <Button icon="download" onClick={() => saveBackup(session)}>
        {words.backup}
      </Button>
      <Link href={deviceHref}>{words.device}</Link>
    </div>
  );
}
