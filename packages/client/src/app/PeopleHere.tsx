// Who has this list open now, this person's other windows included.
import type { CSSProperties, ReactElement } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { ListSession } from '../session/list-session.ts';
import { usePresence } from '../session/react.ts';
import styles from './PeopleHere.module.css';

/** Nothing while nobody else is here. */
export function PeopleHere({ session }: { session: ListSession }): ReactElement | null {
  const peers = usePresence(session);
  const people = new Map(peers.map((peer) => [peer.personId, peer]));
  if (people.size === 0) return null;
  return (
    <section className={styles.here} aria-label={words.hereNow}>
      <h2>{words.hereNow}</h2>
      <ul>
        {Array.from(people.values(), (peer) => (
          <li key={peer.personId}>
            <span className={styles.dot} style={{ '--peer': peer.colour } as CSSProperties} />
            <span className={styles.name}>{peer.isSelf ? words.alsoYou(peer.name) : peer.name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
