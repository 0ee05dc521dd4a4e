// From the account to an open list: sign-in page, choice of the list, the session of the list that the address names.
import { lazy, type ReactElement, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { PhotoContext, usePhotoSource } from '../features/clients/cells/photo-context.ts';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { messages } from '../i18n/messages.ts';
import type { AppUpdate } from '../pwa/app-update.ts';
import type { Install } from '../pwa/install.ts';
import type { Account, Person } from '../session/account.ts';
import { createLazyApi } from '../session/lazy-api.ts';
import type { ListSession } from '../session/list-session.ts';
import { createKnownLists } from '../session/lists.ts';
import { openListSession } from '../session/open-list-session.ts';
import { useSubscribable } from '../session/react.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ToastProvider } from '../ui/Toasts.tsx';
import styles from './App.module.css';
import { createListPages } from './list-pages.tsx';
import { parseRoute, routePath } from './routes.ts';
import { Shell } from './Shell.tsx';
import { useInitialList } from './use-initial-list.ts';

const AccountPage = lazy(() =>
  import('../features/account/AccountPage.tsx').then((module) => ({ default: module.AccountPage })),
);
const NewListDialog = lazy(() =>
  import('./NewListDialog.tsx').then((module) => ({ default: module.NewListDialog })),
);
const ResetPage = lazy(() =>
  import('../features/account/ResetPage.tsx').then((module) => ({ default: module.ResetPage })),
);
const JoinPage = lazy(() =>
  import('../features/members/JoinPage.tsx').then((module) => ({ default: module.JoinPage })),
);
const ALL = { kind: 'all' } as const;

type AppProps = { account: Account; update: AppUpdate; install: Install };

export function App({ account, update, install }: AppProps): ReactElement {
  const state = useSubscribable(account.state);
  const [isSigningIn, setSigningIn] = useState(false);
  const [location, navigate] = useLocation();
  const { page } = parseRoute(location, '');
  useEffect(() => {
    if (state.state === 'signed-in' && !state.needsSignIn) setSigningIn(false);
  }, [state]);
  const onSignIn = useCallback(() => setSigningIn(true), []);
  if (state.state === 'loading') return <p className={styles.loading}>{messages.loading}</p>;
  if (page === 'reset') {
    const leave = (): void => void account.signOut().then(() => navigate('/', { replace: true }));
    return (
      <Suspense fallback={<p className={styles.loading}>{messages.loading}</p>}>
        <ResetPage token={linkToken()} onDone={leave} />
      </Suspense>
    );
  }
  if (state.state === 'signed-out' || isSigningIn) {
    return (
      <Suspense fallback={<p className={styles.loading}>{messages.loading}</p>}>
        <AccountPage account={account} isInvited={page === 'join'} />
      </Suspense>
    );
  }
  if (page === 'join') {
    return (
      <main className={styles.page}>
        <Suspense fallback={<p className={styles.loading}>{messages.loading}</p>}>
          <JoinPage
            account={account}
            email={state.person.email}
            token={linkToken()}
            onJoined={(listId) => navigate(routePath({ page: 'list', listId, view: ALL }), { replace: true })}
            onHome={() => navigate('/', { replace: true })}
          />
        </Suspense>
      </main>
    );
  }
  return (
    <ToastProvider key={state.person.id}>
      <SignedIn
        account={account}
        person={state.person}
        update={update}
        install={install}
        onSignIn={onSignIn}
      />
    </ToastProvider>
  );
}

/** The fragment of a link from a mail: sent to nobody, and gone from the address with the next page. */
const linkToken = (): string => globalThis.location.hash.slice(1);

type SignedInProps = AppProps & { person: Person; onSignIn: () => void };

function SignedIn({ account, person, update, install, onSignIn }: SignedInProps): ReactElement {
  const [location, navigate] = useLocation();
  const search = useSearch();
  const route = parseRoute(location, search);
  const api = useMemo(() => createLazyApi(account), [account]);
  const known = useMemo(() => createKnownLists(person, api), [person, api]);
  const lists = useSubscribable(known.lists);
  const [isNaming, setNaming] = useState(false);
  const first = useInitialList(known);
  const firstId = first.state === 'ready' ? first.listId : lists?.[0]?.id;

  useEffect(() => {
    if (route.page === 'home' && firstId !== undefined) {
      navigate(routePath({ page: 'list', listId: firstId, view: ALL }), { replace: true });
    }
  }, [route.page, firstId, navigate]);

  const listId = 'listId' in route ? route.listId : undefined;
  const session = useListSession(account, person, listId);
  const photos = usePhotoSource(account, person, listId);
  const pages = useMemo(
    () =>
      session === undefined
        ? undefined
        : createListPages({
            api,
            session,
            navigate,
            lists: known,
            install,
            onSignIn,
            onUpdate: update.apply,
          }),
    [api, session, navigate, known, install, onSignIn, update],
  );

  if (route.page === 'unknown') {
    return (
      <main className={styles.page}>
        <EmptyState
          frames={['empty', 'moon', 'empty']}
          chosen={1}
          title={messages.notFoundTitle}
          text={messages.notFoundText}
        >
          <Button kind="primary" onClick={() => navigate('/')}>
            {messages.toCouples}
          </Button>
        </EmptyState>
      </main>
    );
  }
  if (!('listId' in route) || session === undefined || pages === undefined) {
    return (
      <main className={styles.page}>
        {first.state === 'failed' ? (
          <EmptyState
            frames={['empty', 'hills', 'empty']}
            chosen={1}
            title={words.noListTitle}
            text={words.noListText}
          >
            <Button kind="primary" onClick={first.retry}>
              {messages.retry}
            </Button>
          </EmptyState>
        ) : (
          <p className={styles.loading}>{lists?.length === 0 ? words.creatingFirst : messages.loading}</p>
        )}
      </main>
    );
  }
  const role = lists?.find(({ id }) => id === route.listId)?.role;
  return (
    <PhotoContext value={photos}>
      <Shell
        key={session.listId}
        session={session}
        route={route}
        lists={lists ?? []}
        pages={pages}
        canManage={role !== 'viewer'}
        onNewList={() => setNaming(true)}
        onSignOut={(wipeDevice) => void session.close().then(() => account.signOut({ wipeDevice }))}
      />
      {isNaming && (
        <Suspense>
          <NewListDialog
            onClose={() => setNaming(false)}
            onCreate={async (name) => {
              const result = await known.create(name);
              if (!result.ok) return false;
              setNaming(false);
              navigate(routePath({ page: 'list', listId: result.value.id, view: ALL }));
              return true;
            }}
          />
        </Suspense>
      )}
    </PhotoContext>
  );
}

/** Opens the session of the list and closes the one before; undefined while there is none. */
function useListSession(
  account: Account,
  person: Person,
  listId: string | undefined,
): ListSession | undefined {
  const [session, setSession] = useState<ListSession>();
  useEffect(() => {
    if (listId === undefined) return undefined;
    const opened = openListSession({ person, listId, account });
    setSession(opened);
    return () => {
      setSession(undefined);
      void opened.close();
    };
  }, [account, person, listId]);
  return session?.listId === listId ? session : undefined;
}
