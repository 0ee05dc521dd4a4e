// Who else has this couple open: initials in the person's own colour.
import type { CSSProperties, ReactElement } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import type { Peer } from '../../../session/list-session.ts';
import styles from './PeerDots.module.css';
import { initialOf } from './season.ts';

export function PeerDots({ peers }: { peers: readonly Peer[] }): ReactElement {
  return (
    <span className={styles.dots}>
      {peers.slice(0, 3).map((peer) => (
        <span
          key={peer.key}
          role="img"
          className={styles.dot}
          style={{ '--peer': peer.colour } as CSSProperties}
          title={words.isHere(peer.name)}
          aria-label={words.isHere(peer.name)}
        >
          {initialOf(peer.name)}
        </span>
      ))}
    </span>
  );
}
