// Signing out never loses a change without saying so: it counts what is not stored yet, and offers the backup file.
import { type ReactElement, useState } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { messages } from '../i18n/messages.ts';
import type { ListSession } from '../session/list-session.ts';
import { useSyncStatus } from '../session/react.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './SignOutDialog.module.css';

type SignOutDialogProps = {
  session: ListSession;
  onBackup: () => void;
  onSignOut: (wipeDevice: boolean) => void;
  onClose: () => void;
};

export function SignOutDialog({ session, onBackup, onSignOut, onClose }: SignOutDialogProps): ReactElement {
  const { waitingRecords } = useSyncStatus(session);
  const [isWiping, setWiping] = useState(false);
  const hasWaiting = waitingRecords > 0;
  return (
    <Dialog
      title={words.signOutTitle}
      lead={hasWaiting ? words.signOutWaiting(waitingRecords) : words.signOutText}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.stay}</Button>
          <Button kind="primary" onClick={() => onSignOut(isWiping)}>
            {words.signOutNow}
          </Button>
        </>
      }
    >
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={isWiping}
          onChange={(event) => setWiping(event.currentTarget.checked)}
        />
        {words.signOutWipe}
      </label>
      {hasWaiting && isWiping && (
        <div className={styles.warning} role="alert">
          <Icon name="warning" />
          <div>
            <p>{words.signOutWipeWaiting}</p>
            <Button icon="download" onClick={onBackup}>
              {messages.saveBackup}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
