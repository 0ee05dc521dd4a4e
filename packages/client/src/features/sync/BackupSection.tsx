// Saving the list as a file, and opening such a file again.
import { type ReactElement, useRef, useState } from 'react';
import { deviceMessages as words } from '../../i18n/messages/device.ts';
import type { ListSession } from '../../session/list-session.ts';
import { restoreBackup } from '../../session/restore-backup.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './DevicePage.module.css';
import { saveBackup } from './save-backup.ts';

export function BackupSection({ session }: { session: ListSession }): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<string>();
  const open = async (file: File): Promise<void> => {
    setBusy(true);
    try {
      const result = await restoreBackup(session, await file.text());
      setAnswer(
        result.ok ? words.opened(result.added, result.changed, result.notes) : words.openFailed[result.code],
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>{words.backupTitle}</h2>
      <p>{words.backupLead}</p>
      <div className={styles.actions}>
        <Button icon="download" onClick={() => saveBackup(session)}>
          {words.save}
        </Button>
        <Button icon="upload" isBusy={isBusy} onClick={() => input.current?.click()}>
          {words.open}
        </Button>
        <input
          ref={input}
          type="file"
          accept="application/json,.json"
          aria-label={words.open}
          hidden
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            event.currentTarget.value = '';
            if (file !== undefined) void open(file);
          }}
        />
      </div>
      <p role="status">{answer}</p>
    </section>
  );
}
