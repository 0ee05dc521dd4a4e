// The sheet behind the chip: what waits, since when, what was stored last, and the one thing to do about it.
import type { ReactElement } from 'react';
import { syncMessages as words } from '../../i18n/messages/sync.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSetAside, useSyncStatus } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useTick } from '../../ui/use-tick.ts';
import { backupName } from './backup-name.ts';
import styles from './SyncSheet.module.css';
import { type SyncAction, secondsUntil, syncWords } from './sync-words.ts';

type SyncSheetProps = { session: ListSession; onClose: () => void; onSignIn: () => void };

export function SyncSheet({ session, onClose, onSignIn }: SyncSheetProps): ReactElement {
  const status = useSyncStatus(session);
  const setAside = useSetAside(session);
  const nowMs = useTick(1000);
  const said = syncWords(status, nowMs);
  const seconds = secondsUntil(status.retryAt, nowMs);
  const backup = (): void => void session.exportBackup().then((blob) => saveFile(blob, backupName(nowMs)));

  const actions: Readonly<Record<SyncAction, ReactElement>> = {
    retry: (
      <Button key="retry" kind="primary" icon="refresh" onClick={() => session.retryNow()}>
        {words.retryNow}
      </Button>
    ),
    backup: (
      <Button key="backup" kind="primary" icon="download" onClick={backup}>
        {words.backup}
      </Button>
    ),
    'set-aside': (
      <Button
        key="set-aside"
        kind="primary"
        icon="download"
        onClick={() => void session.exportSetAside().then((blob) => saveFile(blob, 'wedsync-set-aside.json'))}
      >
        {words.exportSetAside}
      </Button>
    ),
    'sign-in': (
      <Button key="sign-in" kind="primary" onClick={onSignIn}>
        {words.signIn}
      </Button>
    ),
    reload: (
      <Button key="reload" kind="primary" icon="refresh" onClick={() => location.reload()}>
        {words.reload}
      </Button>
    ),
  };

  return (
    <Dialog
      title={words.title}
      closeLabel={messages.close}
      onClose={onClose}
      footer={said.actions.length === 0 ? undefined : said.actions.map((action) => actions[action])}
    >
      <div className={cx(styles.state, styles[said.tone])}>
        <Icon name={said.icon} size={28} />
        <div>
          <p className={styles.headline}>{said.chip}</p>
          <p>{said.text}</p>
        </div>
      </div>
      <dl className={styles.facts}>
        <dt>{words.waiting}</dt>
        <dd>
          {status.waitingRecords === 0 ? words.nothingWaiting : words.waitingValue(status.waitingRecords)}
        </dd>
        {status.since !== undefined && status.waitingRecords > 0 && (
          <>
            <dt>{words.since}</dt>
            <dd>{words.ago(status.since, nowMs)}</dd>
          </>
        )}
        <dt>{words.lastStored}</dt>
        <dd>{status.lastStoredAt === undefined ? words.never : words.ago(status.lastStoredAt, nowMs)}</dd>
        {seconds !== undefined && (
          <>
            <dt>{words.nextTry}</dt>
            <dd>{words.inSeconds(seconds)}</dd>
          </>
        )}
      </dl>
      {setAside.length > 0 && (
        <section className={styles.aside}>
          <h3>{words.setAside}</h3>
          <ul>
            {setAside.map((item) => (
              <li key={item.key}>
                {item.name} · {words.reasons[item.reason] ?? item.reason} · {words.ago(item.at, nowMs)}
              </li>
            ))}
          </ul>
          <Button
            kind="danger"
            onClick={() => void session.discardSetAside(setAside.map((item) => item.key))}
          >
            {words.discardSetAside}
          </Button>
        </section>
      )}
    </Dialog>
  );
}
