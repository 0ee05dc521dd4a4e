// The phone's views as a row that scrolls sideways.
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useStatuses } from '../features/clients/statuses.ts';
import { useViewCounts } from '../features/clients/use-view-counts.ts';
import { clientsMessages } from '../i18n/messages/clients.ts';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { ListSession } from '../session/list-session.ts';
import { cx } from '../ui/cx.ts';
import { routePath, type View } from './routes.ts';
import styles from './ViewChips.module.css';

export function ViewChips({ session, view }: { session: ListSession; view: View }): ReactElement {
  const counts = useViewCounts(session);
  const statuses = useStatuses(session);
  const { listId } = session;
  const chips: { view: View; label: string; count: number }[] = [
    { view: { kind: 'all' }, label: clientsMessages.views.all, count: counts.all },
    ...statuses
      .map(({ id, label }) => ({
        view: { kind: 'status', statusId: id } as const,
        label,
        count: counts.statuses[id] ?? 0,
      }))
      .filter(({ count }) => count > 0),
    { view: { kind: 'trash' }, label: clientsMessages.views.trash, count: counts.trash },
  ];
  return (
    <nav className={styles.chips} aria-label={words.filters}>
      {chips.map((chip) => {
        const isCurrent =
          routePath({ page: 'list', listId, view: chip.view }) === routePath({ page: 'list', listId, view });
        return (
          <Link
            key={chip.label}
            href={routePath({ page: 'list', listId, view: chip.view })}
            className={cx(styles.chip, isCurrent && styles.current)}
            aria-current={isCurrent ? 'page' : undefined}
          >
            {chip.label}
            {chip.count > 0 && <span className={styles.count}>{chip.count.toLocaleString()}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
