// All keys in one list.
import type { ReactElement } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { messages } from '../i18n/messages.ts';
import { Dialog } from '../ui/Dialog.tsx';
import styles from './HelpDialog.module.css';

export function HelpDialog({ onClose }: { onClose: () => void }): ReactElement {
  return (
    <Dialog title={words.helpTitle} closeLabel={messages.close} onClose={onClose} isText>
      <dl className={styles.keys}>
        {words.helpRows.map(([keys, what]) => (
          <div key={what} className={styles.row}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
