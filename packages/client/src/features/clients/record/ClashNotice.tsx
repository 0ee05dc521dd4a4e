// Says which other couples have their wedding on the same day, with the way to each.
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { coupleOf } from '../edit/field-text.ts';
import { statusLabel, useStatuses } from '../statuses.ts';
import { useDateClash } from '../use-date-clash.ts';
import styles from './Notice.module.css';

type ClashNoticeProps = { session: ListSession; record: RecordView };

/** More than these are no wedding day but a list of test couples. */
const MOST_SHOWN = 5;

export function ClashNotice({ session, record }: ClashNoticeProps): ReactElement | null {
  const statuses = useStatuses(session);
  const others = useDateClash(session, record.id);
  if (others.length === 0) return null;
  return (
    <section className={styles.strong}>
      <Icon name="calendar" />
      <div className={styles.text}>
        <h3>{words.clashTitle(others.length)}</h3>
        <ul>
          {others.slice(0, MOST_SHOWN).map((id) => {
            const other = session.index.get(id);
            if (other === undefined) return null;
            const status = typeof other.values.status === 'string' ? other.values.status : undefined;
            return (
              <li key={id}>
                <Link href={`?couple=${id}`}>{coupleOf(other)}</Link>
                {status !== undefined && ` · ${statusLabel(statuses, status)}`}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
