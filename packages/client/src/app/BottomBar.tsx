// The phone's lower edge: the places to go, within reach of a thumb.
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useViewCounts } from '../features/clients/use-view-counts.ts';
import { clientsMessages } from '../i18n/messages/clients.ts';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { ListSession } from '../session/list-session.ts';
import { cx } from '../ui/cx.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import styles from './BottomBar.module.css';
import { type Route, routePath } from './routes.ts';

type BottomBarProps = { session: ListSession; route: Route; canManage: boolean };

export function BottomBar({ session, route, canManage }: BottomBarProps): ReactElement {
  const { attention } = useViewCounts(session);
  const { listId } = session;
  const isView = (kind: string): boolean => route.page === 'list' && route.view.kind === kind;
  const isList = route.page === 'list' && !isView('attention') && !isView('upcoming');
  return (
    <nav className={styles.bar} aria-label={words.navigation}>
      <Tab
        href={routePath({ page: 'list', listId, view: { kind: 'all' } })}
        icon="couples"
        label={words.couples}
        isCurrent={isList}
      />
      <Tab
        href={routePath({ page: 'list', listId, view: { kind: 'upcoming' } })}
        icon="calendar"
        label={clientsMessages.views.upcoming}
        isCurrent={isView('upcoming')}
      />
      <Tab
        href={routePath({ page: 'list', listId, view: { kind: 'attention' } })}
        icon="versions"
        label={clientsMessages.views.attention}
        isCurrent={isView('attention')}
        count={attention}
      />
      {canManage && (
        <Tab
          href={routePath({ page: 'sources', listId })}
          icon="plug"
          label={words.sources}
          isCurrent={route.page === 'sources'}
        />
      )}
    </nav>
  );
}

type TabProps = { href: string; icon: IconName; label: string; isCurrent: boolean; count?: number };

function Tab({ href, icon, label, isCurrent, count = 0 }: TabProps): ReactElement {
  return (
    <Link
      href={href}
      className={cx(styles.tab, isCurrent && styles.current)}
      aria-current={isCurrent ? 'page' : undefined}
    >
      <span className={styles.icon}>
        <Icon name={icon} size={22} />
        {count > 0 && <span className={styles.badge}>{count > 99 ? '99+' : count}</span>}
      </span>
      <span>{label}</span>
    </Link>
  );
}
