// On a couple's record: which others may be the same, or which one it was merged into.
import { coupleName, mergedInto } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { duplicatesMessages as words } from '../../i18n/messages/duplicates.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useClientRecord } from '../../session/react.ts';
import { Icon } from '../../ui/Icon.tsx';
import { MatchActions } from './MatchActions.tsx';
import styles from './Matches.module.css';
import { useMatchesOf } from './use-matches.ts';

type MatchNoticeProps = { session: ListSession; recordId: string; onOpen: (recordId: string) => void };

export function MatchNotice({ session, recordId, onOpen }: MatchNoticeProps): ReactElement | null {
  const record = useClientRecord(session, recordId);
  const pairs = useMatchesOf(session, recordId);
  const survivor = session.index.get(mergedInto(record) ?? '');
  if (survivor !== undefined)
    return (
      <section className={styles.notice}>
        <Icon name="versions" />
        <div className={styles.text}>
          <h3>
            {words.mergedInto} <Link href={`?couple=${survivor.id}`}>{coupleName(survivor.values)}</Link>
          </h3>
          <p>{words.mergedText}</p>
        </div>
      </section>
    );
  return (
    <>
      {pairs.map((pair) => {
        const other = session.index.get(pair.ids[0] === recordId ? pair.ids[1] : pair.ids[0]);
        if (other === undefined) return null;
        return (
          <section key={other.id} className={styles.notice}>
            <Icon name="versions" />
            <div className={styles.text}>
              <h3>
                {words.mayBe} <Link href={`?couple=${other.id}`}>{coupleName(other.values)}</Link>
              </h3>
              <p>{words.why(pair.kinds)}</p>
              <MatchActions session={session} pair={pair} onMerged={onOpen} />
            </div>
          </section>
        );
      })}
    </>
  );
}
