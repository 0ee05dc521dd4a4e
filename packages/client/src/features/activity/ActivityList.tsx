// Entries of the activity under the day on which they happened.
import type { ActivityEntry } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { locale } from '../../i18n/formatters.ts';
import { activityMessages as words } from '../../i18n/messages/activity.ts';
import type { ListIndex } from '../../session/document-view.ts';
import { cx } from '../../ui/cx.ts';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import styles from './ActivityList.module.css';
import { activityWords } from './activity-words.ts';

type ActivityListProps = {
  entries: readonly ActivityEntry[];
  index: Pick<ListIndex, 'get'>;
  personId: string;
  hrefOf: (recordId: string) => string;
};

const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const timeFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const BAD: readonly string[] = ['refused', 'failed', 'quarantined'];

const ICONS: Readonly<Record<ActivityEntry['who']['kind'], IconName>> = {
  person: 'person',
  source: 'plug',
  service: 'settings',
  stranger: 'shield',
};

export function ActivityList({ entries, index, personId, hrefOf }: ActivityListProps): ReactElement {
  const days = [...Map.groupBy(entries, ({ at }) => dayFormat.format(at))];
  return (
    <>
      {days.map(([day, own]) => (
        <section key={day} className={styles.day}>
          <h2 className={styles.heading}>{day}</h2>
          <ul>
            {own.map((entry) => (
              <Entry key={entry.id} entry={entry} index={index} personId={personId} hrefOf={hrefOf} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Entry({
  entry,
  index,
  personId,
  hrefOf,
}: Omit<ActivityListProps, 'entries'> & { entry: ActivityEntry }): ReactElement {
  const { who, did, couple, isHere, fields, from } = activityWords(entry, index, personId);
  const { at, recordId, reason, count, outcome } = entry;
  const isBad = BAD.includes(outcome);
  return (
    <li className={styles.entry}>
      <span className={cx(styles.mark, isBad && styles.bad)}>
        <Icon name={isBad ? 'warning' : ICONS[entry.who.kind]} size={18} />
      </span>
      <div className={styles.what}>
        <p>
          <strong>{who}</strong> {did}
          {count > 1 && <span className={styles.times}>{words.times(count)}</span>}
        </p>
        {couple !== undefined && (
          <p>
            {isHere && recordId !== undefined ? (
              <Link href={hrefOf(recordId)} className={styles.couple}>
                {couple}
              </Link>
            ) : (
              <span className={styles.details}>{couple}</span>
            )}
          </p>
        )}
        {fields !== '' && <p className={styles.details}>{fields}</p>}
        {reason !== undefined && <p className={styles.details}>{reason}</p>}
      </div>
      <p className={styles.when}>
        <time dateTime={new Date(at).toISOString()}>{timeFormat.format(at)}</time>
        {from !== undefined && entry.who.kind === 'person' && <span>{from}</span>}
      </p>
    </li>
  );
}
