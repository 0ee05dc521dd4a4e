// The sheet behind the chip: what waits, since when, what was stored last, and the one thing to do about it.
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { syncMessages as words } from '../../i18n/messages/sync.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSetAside, useSyncStatus } from '../../session/react.ts';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { useTick } from '../../ui/use-tick.ts';
import { SyncActions, type SyncServices } from './SyncActions.tsx';
import styles from './SyncSheet.module.css';
import { secondsUntil, syncWords } from './sync-words.ts';

type SyncSheetProps = { session: ListSession; onClose: () => void; services: SyncServices };

export function SyncSheet({ session, onClose, services }: SyncSheetProps): ReactElement {
  const status = useSyncStatus(session);
  const setAside = useSetAside(session);
  const nowMs = useTick(1000);
  const said = syncWords(status, nowMs);
  const seconds = secondsUntil(status.retryAt, nowMs);
  return (
    <Dialog
      title={words.title}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Link className={styles.more} href={services.deviceHref} onClick={onClose}>
            {words.device}
          </Link>
          <SyncActions session={session} actions={said.actions} services={services} />
        </>
      }
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
        </section>
      )}
    </Dialog>
  );
}
