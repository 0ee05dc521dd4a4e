// The list with its search, order and empty states: a table on wide windows, cards on a phone.
import {
  lazy,
  type ReactElement,
  type ReactNode,
  Suspense,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import type { ListSession, Peer } from '../../session/list-session.ts';
import { usePhase, usePresence, useSubscribable } from '../../session/react.ts';
import { useAfterPaint } from '../../ui/after-paint.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { useToday } from '../../ui/use-today.ts';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { ClientCards } from './ClientCards.tsx';
import styles from './ClientsPage.module.css';
import { ClientTable, type TableHandle } from './ClientTable.tsx';
import { CouplesEmpty } from './CouplesEmpty.tsx';
import type { ListSort } from './sections.ts';
import { useSelection } from './select/use-selection.ts';
import { statusLabel, useStatuses } from './statuses.ts';
import { AddButton, SearchBox } from './Toolbar.tsx';
import { useCouples } from './use-couples.ts';
import type { CoupleView } from './views.ts';

const SelectionBar = lazy(() =>
  import('./select/SelectionBar.tsx').then((module) => ({ default: module.SelectionBar })),
);

type ClientsPageProps = {
  session: ListSession;
  view: CoupleView;
  openId: string | undefined;
  hrefOf: (id: string) => string;
  onOpen: (id: string | undefined) => void;
  onAdd: () => void;
  onShowAll: () => void;
  /** On a phone, above the search: the list, the sync chip, the account. */
  phoneBar?: ReactNode;
  /** On a phone, under the search: the views. */
  chips?: ReactNode;
  /** Shown instead of the empty list when the list has never held a couple. */
  firstRun?: ReactNode;
};

export function ClientsPage(props: ClientsPageProps): ReactElement {
  const { session, view, openId, hrefOf, onOpen, onAdd, onShowAll, phoneBar, chips, firstRun } = props;
  const isPhone = usePhone();
  const phase = usePhase(session);
  const canEdit = useSubscribable(session.canEdit);
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<ListSort>({ by: 'next' });
  const today = useToday();
  // What was pressed or typed is shown at once; the rows follow.
  const query = useAfterPaint(search);
  const shownView = useAfterPaint(view);
  const shownSort = useAfterPaint(sort);
  const { items, shown, total } = useCouples(session, shownView, query, shownSort, today);
  const statuses = useStatuses(session);
  const peers = usePeersByRecord(session);
  const viewKey = view.kind === 'status' ? `status/${view.statusId}` : view.kind;
  const selection = useSelection(items, viewKey);
  const { isOn: isSelecting, onSelect, clear } = selection;
  const table = useRef<TableHandle>(null);
  const searchInput = useRef<HTMLInputElement>(null);

  const shortcuts = useMemo(
    () => ({
      '/': () => searchInput.current?.focus(),
      c: () => (canEdit ? onAdd() : false),
      j: () => (table.current === null ? false : table.current.move(1)),
      k: () => (table.current === null ? false : table.current.move(-1)),
      x: ({ shiftKey }: KeyboardEvent) => {
        const id = table.current?.activeId();
        return id === undefined ? false : onSelect(id, shiftKey);
      },
      Escape: () => {
        if (isSelecting) return clear();
        return openId === undefined ? false : onOpen(undefined);
      },
    }),
    [canEdit, onAdd, onOpen, openId, onSelect, isSelecting, clear],
  );
  useShortcuts(shortcuts);
  // The rows of the view before do not render again because their addresses will be others.
  const shownHref = useAfterPaint(hrefOf);
  const latestOpen = useRef(onOpen);
  latestOpen.current = onOpen;
  const open = useCallback((id: string) => latestOpen.current(id), []);
  const showAll = (): void => {
    setSearch('');
    if (search.trim() === '') onShowAll();
  };

  const title = view.kind === 'status' ? statusLabel(statuses, view.statusId) : words.views[view.kind];
  const header = (
    <header className={styles.header}>
      {phoneBar}
      <div className={styles.tools}>
        <SearchBox
          value={search}
          onChange={setSearch}
          inputRef={searchInput}
          onDown={() => table.current?.focus()}
        />
        {!isPhone && canEdit && <AddButton onAdd={onAdd} />}
      </div>
      {chips}
      <div className={styles.heading}>
        <h1 className={styles.title} tabIndex={-1}>
          {title}
        </h1>
        {phase.state !== 'opening' && <span className={styles.count}>{shown.toLocaleString()}</span>}
        {phase.state !== 'opening' && shown > 0 && !isSelecting && (
          <Button kind="quiet" className={styles.select} aria-keyshortcuts="x" onClick={selection.start}>
            {words.selectSome}
          </Button>
        )}
      </div>
      <VisuallyHidden>
        <span role="status">{announced()}</span>
      </VisuallyHidden>
    </header>
  );

  const empty = emptyContent();
  if (empty !== undefined)
    return (
      <div className={styles.page}>
        {header}
        <div className={styles.rest}>{empty}</div>
      </div>
    );
  const bar = isSelecting && (
    <Suspense>
      <SelectionBar
        session={session}
        chosen={selection.chosen}
        shown={shown}
        statuses={statuses}
        canEdit={canEdit}
        isTrash={shownView.kind === 'trash'}
        onAll={selection.all}
        onClear={clear}
      />
    </Suspense>
  );
  const shared = { session, selection, items, hrefOf: shownHref, onOpen: open, statuses, peers, today };
  if (isPhone)
    return (
      <div className={styles.page} data-selecting={isSelecting}>
        <ClientCards {...shared} shown={shown} header={header} />
        {bar}
      </div>
    );
  return (
    <div className={styles.page}>
      {header}
      <ClientTable {...shared} ref={table} sort={sort} onSort={setSort} openId={openId} canEdit={canEdit} />
      {bar}
    </div>
  );

  function announced(): string {
    if (isSelecting) return words.selected(selection.chosen.length);
    return query === '' ? '' : words.results(shown);
  }

  function emptyContent(): ReactNode {
    if (phase.state === 'failed')
      return <EmptyState frames={['empty', 'empty', 'empty']} chosen={0} {...words.empty.failed} />;
    if (shown > 0) return undefined;
    if (phase.state === 'opening') return <p className={styles.opening}>{words.empty.opening}</p>;
    if (!phase.fetched && total === 0) {
      const said =
        phase.wiped === undefined ? words.empty.notFetched : words.empty.wiped(phase.wiped.waiting);
      return <EmptyState frames={['empty', 'moon', 'empty']} chosen={1} {...said} />;
    }
    if (shownView.kind === 'all' && total === 0 && search.trim() === '' && firstRun !== undefined)
      return firstRun;
    return (
      <CouplesEmpty view={shownView} search={query} onAdd={canEdit ? onAdd : undefined} onShowAll={showAll} />
    );
  }
}

/** Who else has which couple open. */
function usePeersByRecord(session: ListSession): ReadonlyMap<string, readonly Peer[]> {
  const peers = usePresence(session);
  return useMemo(() => {
    const byRecord = new Map<string, Peer[]>();
    for (const peer of peers) {
      if (peer.recordId === undefined) continue;
      byRecord.set(peer.recordId, [...(byRecord.get(peer.recordId) ?? []), peer]);
    }
    return byRecord;
  }, [peers]);
}
