// The frame around an open list: sidebar and panel on wide windows, a bottom bar and full screens on a phone.
import { lazy, type ReactElement, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { importCellEditor } from '../features/clients/ClientRow.tsx';
import { ClientsPage } from '../features/clients/ClientsPage.tsx';
import { OldEditsNotice } from '../features/sync/OldEditsNotice.tsx';
import { SyncChip } from '../features/sync/SyncChip.tsx';
import { saveBackup } from '../features/sync/save-backup.ts';
import { clientsMessages } from '../i18n/messages/clients.ts';
import { messages } from '../i18n/messages.ts';
import type { ListSession } from '../session/list-session.ts';
import { useSubscribable } from '../session/react.ts';
import { whenIdle } from '../session/when-idle.ts';
import { useAfterPaint } from '../ui/after-paint.ts';
import { Icon } from '../ui/Icon.tsx';
import { Toasts } from '../ui/Toasts.tsx';
import { usePhone } from '../ui/use-media.ts';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { BottomBar } from './BottomBar.tsx';
import { type ListChoice, ListSwitcher } from './ListSwitcher.tsx';
import type { ListPages } from './list-pages.tsx';
import { type PageName, type Route, routePath, type View } from './routes.ts';
import styles from './Shell.module.css';
import { Sidebar } from './Sidebar.tsx';
import { useFindKey } from './use-find-key.ts';
import { useIncidentToasts } from './use-incident-toasts.ts';
import { useUndoSteps } from './use-undo-steps.ts';
import { ViewChips } from './ViewChips.tsx';

const importRecordPanel = () =>
  import('../features/clients/record/RecordPanel.tsx').then((module) => ({ default: module.RecordPanel }));
const RecordPanel = lazy(importRecordPanel);
const MatchNotice = lazy(() =>
  import('../features/duplicates/MatchNotice.tsx').then((module) => ({ default: module.MatchNotice })),
);
const AddCouple = lazy(() =>
  import('../features/clients/AddCouple.tsx').then((module) => ({ default: module.AddCouple })),
);
const HelpDialog = lazy(() => import('./HelpDialog.tsx').then((module) => ({ default: module.HelpDialog })));
const ShellPalette = lazy(() =>
  import('./palette/ShellPalette.tsx').then((module) => ({ default: module.ShellPalette })),
);
const SignOutDialog = lazy(() =>
  import('./SignOutDialog.tsx').then((module) => ({ default: module.SignOutDialog })),
);
const DeleteAccountDialog = lazy(() =>
  import('../features/account/DeleteAccountDialog.tsx').then((module) => ({
    default: module.DeleteAccountDialog,
  })),
);
const Welcome = lazy(() => import('./Welcome.tsx').then((module) => ({ default: module.Welcome })));

type ListRoute = Extract<Route, { listId: string }>;

type ShellProps = {
  session: ListSession;
  route: ListRoute;
  lists: readonly ListChoice[];
  /** Screens of their own that talk to the server: import, sources, history. */
  pages: ListPages;
  /** Owners and editors; a viewer has no import and no sources. */
  canManage: boolean;
  onNewList: () => void;
  onSignOut: (wipeDevice: boolean) => void;
};

type OpenDialog = 'add' | 'help' | 'find' | 'sign-out' | 'delete' | undefined;

export function Shell({
  session,
  route,
  lists,
  pages,
  canManage,
  onNewList,
  onSignOut,
}: ShellProps): ReactElement {
  const [, navigate] = useLocation();
  const isPhone = usePhone();
  const canEdit = useSubscribable(session.canEdit);
  const [dialog, setDialog] = useState<OpenDialog>();
  const { listId } = session;
  const view = route.page === 'list' ? route.view : ALL;
  const recordId = route.page === 'list' ? route.recordId : undefined;
  // The row is marked at once; the couple beside it, which lays out the whole window anew, follows. It leaves at once.
  const openId = useAfterPaint(recordId);
  const shownId = recordId === undefined ? undefined : openId;

  const openRecord = useCallback(
    (id: string | undefined) =>
      navigate(routePath({ page: 'list', listId, view, ...(id === undefined ? {} : { recordId: id }) })),
    [navigate, listId, view],
  );
  const hrefOf = useCallback(
    (id: string) => routePath({ page: 'list', listId, view, recordId: id }),
    [listId, view],
  );
  const openPage = useCallback((page: PageName) => navigate(routePath({ page, listId })), [navigate, listId]);
  const openView = (shown: View): void => navigate(routePath({ page: 'list', listId, view: shown }));
  const openList = (id: string): void => navigate(routePath({ page: 'list', listId: id, view: ALL }));
  const openAdd = useCallback(() => setDialog('add'), []);
  const shortcuts = useMemo(() => ({ '?': () => setDialog('help') }), []);
  useShortcuts(shortcuts);
  useFindKey(useCallback(() => setDialog((open) => (open === 'find' ? undefined : 'find')), []));
  const step = useUndoSteps(session);
  useIncidentToasts(session, openPage);
  // What the next click most likely needs is there before it.
  useEffect(
    () =>
      whenIdle(() => {
        void importRecordPanel();
        void importCellEditor();
      }),
    [],
  );
  useTitle(lists.find(({ id }) => id === listId)?.name);

  const backup = (): void => saveBackup(session);
  const chip = <SyncChip session={session} services={pages.services} className={styles.chip} />;
  const account = (
    <AccountMenu
      session={session}
      pages={isPhone && canManage ? PHONE_PAGES : ['device']}
      onPage={openPage}
      onStep={step}
      onBackup={backup}
      onFind={() => setDialog('find')}
      onHelp={() => setDialog('help')}
      onSignOut={() => setDialog('sign-out')}
      onDelete={() => setDialog('delete')}
    />
  );
  const switcher = (
    <ListSwitcher
      lists={lists}
      currentId={listId}
      onChoose={openList}
      onNew={onNewList}
      onPeople={() => navigate(routePath({ page: 'people', listId }))}
    />
  );
  const phoneBar = (
    <>
      <div className={styles.phoneTop}>
        {switcher}
        <span className={styles.space} />
        {chip}
        {account}
      </div>
    </>
  );
  const record =
    shownId === undefined ? undefined : (
      <Suspense fallback={<p className={styles.loading}>{messages.loading}</p>}>
        <RecordPanel
          session={session}
          recordId={shownId}
          isPhone={isPhone}
          loadHistory={pages.loadHistory}
          notice={
            <Suspense fallback={null}>
              <MatchNotice key={shownId} session={session} recordId={shownId} onOpen={openRecord} />
            </Suspense>
          }
          onClose={() => openRecord(undefined)}
        />
      </Suspense>
    );
  const isFullRecord = isPhone && record !== undefined;

  return (
    <div className={isPhone ? styles.phone : styles.shell} data-panel={record !== undefined}>
      {!isPhone && (
        <Sidebar
          session={session}
          route={route}
          canManage={canManage}
          listSwitcher={switcher}
          foot={
            <>
              {chip}
              {account}
            </>
          }
        />
      )}
      <main className={styles.main} hidden={isFullRecord}>
        <OldEditsNotice session={session} deviceHref={pages.services.deviceHref} />
        {route.page === 'list' ? (
          <ClientsPage
            session={session}
            view={view}
            openId={recordId}
            hrefOf={hrefOf}
            onOpen={openRecord}
            onAdd={openAdd}
            onShowAll={() => openView(ALL)}
            firstRun={
              canEdit ? (
                <Suspense>
                  <Welcome
                    session={session}
                    onAdd={openAdd}
                    onImport={() => navigate(routePath({ page: 'import', listId }))}
                  />
                </Suspense>
              ) : undefined
            }
            {...(isPhone ? { phoneBar, chips: <ViewChips session={session} view={view} /> } : {})}
          />
        ) : (
          <Suspense fallback={<p className={styles.loading}>{messages.loading}</p>}>
            {isPhone && <div className={styles.phoneBar}>{phoneBar}</div>}
            {pages.render(route.page)}
          </Suspense>
        )}
      </main>
      {record !== undefined && <div className={styles.panel}>{record}</div>}
      {isPhone && !isFullRecord && canEdit && route.page === 'list' && (
        <button type="button" className={styles.fab} onClick={openAdd} aria-label={clientsMessages.add}>
          <Icon name="add" size={24} />
        </button>
      )}
      {isPhone && !isFullRecord && <BottomBar session={session} route={route} canManage={canManage} />}
      {dialog === 'add' && (
        <Suspense>
          <AddCouple
            session={session}
            onClose={() => setDialog(undefined)}
            onAdded={(id) => {
              setDialog(undefined);
              openRecord(id);
            }}
          />
        </Suspense>
      )}
      {dialog === 'help' && (
        <Suspense>
          <HelpDialog onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
      {dialog === 'find' && (
        <Suspense>
          <ShellPalette
            session={session}
            lists={lists}
            canManage={canManage}
            commands={{
              onCouple: openRecord,
              onView: openView,
              onPage: openPage,
              onList: openList,
              onNewList,
              onAdd: openAdd,
              onStep: step,
              onBackup: backup,
              onHelp: () => setDialog('help'),
            }}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
      {dialog === 'sign-out' && (
        <Suspense>
          <SignOutDialog
            session={session}
            onBackup={backup}
            onSignOut={onSignOut}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
      {dialog === 'delete' && (
        <Suspense>
          <DeleteAccountDialog
            api={pages.api}
            email={session.person.email}
            onBackup={backup}
            onDeleted={() => onSignOut(true)}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
      <Toasts dismissLabel={messages.dismiss} />
    </div>
  );
}

const ALL = { kind: 'all' } as const;
/** On a phone the others stand in the bottom bar and in the list's menu. */
const PHONE_PAGES: readonly PageName[] = ['import', 'versions', 'activity', 'health', 'device'];

function useTitle(listName: string | undefined): void {
  useEffect(() => {
    document.title = listName === undefined ? messages.appName : `${listName} · ${messages.appName}`;
  }, [listName]);
}
