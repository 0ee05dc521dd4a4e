// Which couples have changes that are not stored, and how far each has come.
import { coupleName } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { deviceMessages as words } from '../../i18n/messages/device.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSubscribable, useSyncStatus } from '../../session/react.ts';
import styles from './DevicePage.module.css';

/** An import of thousands is told by its number. */
const MOST_SHOWN = 20;

type WaitingSectionProps = { session: ListSession; hrefOf: (recordId: string) => string };

export function WaitingSection({ session, hrefOf }: WaitingSectionProps): ReactElement {
  const waiting = [...useSubscribable(session.waitingIds)];
  useSyncStatus(session);
  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>{words.waitingTitle}</h2>
      {waiting.length === 0 ? (
        <p>{words.waitingNone}</p>
      ) : (
        <ul className={styles.rows}>
          {waiting.slice(0, MOST_SHOWN).map((id) => {
            const view = session.index.get(id);
            return (
              <li key={id}>
                {view === undefined ? (
                  words.listItself
                ) : (
                  <Link href={hrefOf(id)}>{coupleName(view.values) || words.unnamed}</Link>
                )}
                <span className={styles.quiet}>{words.waitingStates[session.waiting(id)]}</span>
              </li>
            );
          })}
          {waiting.length > MOST_SHOWN && <li>{words.andMore(waiting.length - MOST_SHOWN)}</li>}
        </ul>
      )}
    </section>
  );
}
