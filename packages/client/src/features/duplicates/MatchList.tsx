// All couples of the list that may be the same, each pair with the two things to say about it.
import { coupleName } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { duplicatesMessages as words } from '../../i18n/messages/duplicates.ts';
import type { ListSession } from '../../session/list-session.ts';
import { MatchActions } from './MatchActions.tsx';
import styles from './Matches.module.css';
import { useMatches } from './use-matches.ts';

type MatchListProps = { session: ListSession; hrefOf: (recordId: string) => string };

/** More than a person decides at one sitting. */
const MOST_SHOWN = 50;

export function MatchList({ session, hrefOf }: MatchListProps): ReactElement | null {
  const pairs = useMatches(session);
  if (pairs.length === 0) return null;
  return (
    <section>
      <h2>{words.listTitle(pairs.length)}</h2>
      <p className={styles.lead}>{words.listLead}</p>
      <ul className={styles.list}>
        {pairs.slice(0, MOST_SHOWN).map((pair) => {
          const [a, b] = pair.ids.map((id) => session.index.get(id));
          if (a === undefined || b === undefined) return null;
          return (
            <li key={pair.ids.join(' ')} className={styles.row}>
              <div className={styles.text}>
                <p>
                  <Link href={hrefOf(a.id)}>{coupleName(a.values)}</Link> {words.and}{' '}
                  <Link href={hrefOf(b.id)}>{coupleName(b.values)}</Link>
                </p>
                <p>{words.why(pair.kinds)}</p>
              </div>
              <MatchActions session={session} pair={pair} />
            </li>
          );
        })}
      </ul>
      {pairs.length > MOST_SHOWN && <p className={styles.lead}>{words.more(pairs.length - MOST_SHOWN)}</p>}
    </section>
  );
}
