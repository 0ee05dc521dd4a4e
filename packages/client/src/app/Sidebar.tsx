// The desktop's left side: the list and its views, who is here, the sync chip and the account.
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import { type StatusOption, useStatuses } from '../features/clients/statuses.ts';
import { useViewCounts } from '../features/clients/use-view-counts.ts';
import type { ViewCounts } from '../features/clients/views.ts';
import { clientsMessages } from '../i18n/messages/clients.ts';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { ListSession } from '../session/list-session.ts';
import { cx } from '../ui/cx.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { PeopleHere } from './PeopleHere.tsx';
import { MANAGED_PAGES, PAGES } from './pages.ts';
import { type PageName, type Route, routePath, type View } from './routes.ts';
import styles from './Sidebar.module.css';

type SidebarProps = {
  session: ListSession;
  route: Route;
  canManage: boolean;
  listSwitcher: ReactNode;
  /** Sync chip and account at the lower end. */
  foot: ReactNode;
};

export function Sidebar({ session, route, canManage, listSwitcher, foot }: SidebarProps): ReactElement {
  const counts = useViewCounts(session);
  const statuses = useStatuses(session);
  const { listId } = session;
  return (
    <aside className={styles.sidebar}>
      <div className={styles.top}>{listSwitcher}</div>
      <nav className={styles.nav} aria-label={words.navigation}>
        <ul>
          {viewLinks(counts).map((link) => (
            <NavLink key={link.label} listId={listId} route={route} {...link} />
          ))}
        </ul>
        <h2 className={styles.heading}>{clientsMessages.statusHeading}</h2>
        <ul>
          {statusLinks(statuses, counts).map((link) => (
            <NavLink key={link.label} listId={listId} route={route} {...link} />
          ))}
        </ul>
        <ul className={styles.pages}>
          <PageLink route={route} page="people" listId={listId} />
          {canManage &&
            MANAGED_PAGES.map((page) => <PageLink key={page} route={route} page={page} listId={listId} />)}
        </ul>
      </nav>
      <PeopleHere session={session} />
      <div className={styles.foot}>{foot}</div>
    </aside>
  );
}

type ViewLink = { view: View; label: string; icon?: IconName; count: number; isLoud?: boolean };

function viewLinks(counts: ViewCounts): ViewLink[] {
  const { views } = clientsMessages;
  return [
    { view: { kind: 'all' }, label: views.all, icon: 'couples', count: counts.all },
    { view: { kind: 'upcoming' }, label: views.upcoming, icon: 'calendar', count: counts.upcoming },
    {
      view: { kind: 'attention' },
      label: views.attention,
      icon: 'versions',
      count: counts.attention,
      isLoud: true,
    },
    { view: { kind: 'trash' }, label: views.trash, icon: 'trash', count: counts.trash },
  ];
}

function statusLinks(statuses: readonly StatusOption[], counts: ViewCounts): ViewLink[] {
  return statuses.map(({ id, label }) => ({
    view: { kind: 'status', statusId: id },
    label,
    count: counts.statuses[id] ?? 0,
  }));
}

const isSameView = (a: View, b: View): boolean =>
  a.kind === b.kind && (a.kind !== 'status' || b.kind !== 'status' || a.statusId === b.statusId);

function NavLink({
  listId,
  route,
  view,
  label,
  icon,
  count,
  isLoud = false,
}: ViewLink & { listId: string; route: Route }): ReactElement {
  const isCurrent = route.page === 'list' && isSameView(route.view, view);
  return (
    <li>
      <Link
        href={routePath({ page: 'list', listId, view })}
        className={cx(styles.link, isCurrent && styles.current, icon === undefined && styles.bare)}
        aria-current={isCurrent ? 'page' : undefined}
      >
        {icon !== undefined && <Icon name={icon} size={18} />}
        <span className={styles.label}>{label}</span>
        {count > 0 && (
          <span className={cx(styles.count, isLoud && styles.loud)}>{count.toLocaleString()}</span>
        )}
      </Link>
    </li>
  );
}

type PageLinkProps = {
  route: Route;
  page: PageName;
  listId: string;
};

function PageLink({ route, page, listId }: PageLinkProps): ReactElement {
  const { icon, label } = PAGES[page];
  const isCurrent = route.page === page;
  return (
    <li>
      <Link
        href={routePath({ page, listId })}
        className={cx(styles.link, isCurrent && styles.current)}
        aria-current={isCurrent ? 'page' : undefined}
      >
        <Icon name={icon} size={18} />
        <span className={styles.label}>{label}</span>
      </Link>
    </li>
  );
}
