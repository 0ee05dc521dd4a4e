// The desktop list: one grid that is a single tab stop, with rows only for what can be seen.
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactElement,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import type { ListSession, Peer } from '../../session/list-session.ts';
import { useElementWidth } from '../../ui/use-element-width.ts';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { ClientRow, cellId } from './ClientRow.tsx';
import styles from './ClientTable.module.css';
import { type ColumnId, columnTracks, hasRoomForDistance, visibleColumns } from './columns.ts';
import type { EditEnd } from './edit/FieldEditor.tsx';
import { type GridCell, moveCell, nextEditable } from './grid-moves.ts';
import { SectionHeading } from './SectionHeading.tsx';
import type { ListItem, ListSort } from './sections.ts';
import type { SelectionControl } from './select/use-selection.ts';
import type { StatusOption } from './statuses.ts';
import { TableHeader } from './TableHeader.tsx';

export type TableHandle = {
  move(rows: number): void;
  focus(): void;
  /** The couple with the cursor. */
  activeId(): string | undefined;
};

type ClientTableProps = {
  session: ListSession;
  items: readonly ListItem[];
  sort: ListSort;
  onSort: (sort: ListSort) => void;
  openId: string | undefined;
  hrefOf: (id: string) => string;
  onOpen: (id: string) => void;
  statuses: readonly StatusOption[];
  peers: ReadonlyMap<string, readonly Peer[]>;
  today: string;
  canEdit: boolean;
  selection: SelectionControl;
  ref?: Ref<TableHandle>;
};

/** Row heights in rem, so that they grow with the reader's type size. */
const ROW_REM = 2.75;
const HEADING_REM = 3.25;
/** Few enough for the limit of 80 row nodes on a tall screen, enough to scroll without blank rows. */
const OVERSCAN = 10;

export function ClientTable(props: ClientTableProps): ReactElement {
  const {
    session,
    items,
    sort,
    onSort,
    openId,
    hrefOf,
    onOpen,
    statuses,
    peers,
    today,
    canEdit,
    selection,
    ref,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const [widthPx, remPx] = useElementWidth(scroller);
  const columns = useMemo(() => visibleColumns(widthPx, remPx), [widthPx, remPx]);
  const hasDistance = hasRoomForDistance(columns, widthPx, remPx);
  const [active, setActive] = useState<GridCell>();
  const [editing, setEditing] = useState<ColumnId>();

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.type === 'heading' ? HEADING_REM : ROW_REM) * remPx,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: OVERSCAN,
    scrollPaddingStart: HEADING_REM * remPx,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, items, remPx]);

  const go = useCallback(
    (cell: GridCell | undefined): void => {
      if (cell === undefined) return;
      setActive(cell);
      const index = items.findIndex((item) => item.key === cell.id && item.type === 'record');
      if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
    },
    [items, virtualizer],
  );
  const columnIds = useMemo(() => columns.map(({ id }) => id), [columns]);
  const focusGrid = useCallback(() => scroller.current?.focus({ preventScroll: true }), []);
  useImperativeHandle(ref, () => ({
    focus: focusGrid,
    activeId: () => active?.id ?? openId,
    move(rows) {
      const from = active ?? (openId === undefined ? undefined : { id: openId, column: 'couple' as const });
      const next = moveCell(items, columnIds, from, { rows, columns: 0 });
      go(next);
      focusGrid();
      if (openId !== undefined && next !== undefined) onOpen(next.id);
    },
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined && !(event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go(moveCell(items, columnIds, active, step));
    } else if ((event.key === 'Enter' || event.key === 'F2') && active !== undefined) {
      event.preventDefault();
      if (active.column === 'couple') onOpen(active.id);
      else if (canEdit) setEditing(active.column);
    }
  };
  const onEdit = useCallback(
    (cell: GridCell) => {
      setActive(cell);
      if (canEdit) setEditing(cell.column);
    },
    [canEdit],
  );
  const { onSelect } = selection;
  const onSelectRow = useCallback(
    (id: string, isRange: boolean) => {
      onSelect(id, isRange);
      setActive({ id, column: 'couple' });
      focusGrid();
    },
    [onSelect, focusGrid],
  );
  const onEditEnd = useCallback(
    (end: EditEnd): void => {
      setEditing(undefined);
      if (end !== 'leave') focusGrid();
      if (active === undefined || (end !== 'next' && end !== 'previous')) return;
      const next = nextEditable(items, columnIds, active, end === 'next' ? 1 : -1);
      go(next);
      setEditing(next?.column);
    },
    [active, items, columnIds, go, focusGrid],
  );

  const activeId = active === undefined ? undefined : cellId(gridId, active);
  const isActiveShown =
    active !== undefined && virtualizer.getVirtualItems().some(({ key }) => key === active.id);
  return (
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      tabIndex={0}
      aria-label={words.table}
      aria-describedby={`${gridId}-help`}
      aria-rowcount={items.length + 1}
      aria-multiselectable
      aria-colcount={columns.length}
      aria-activedescendant={isActiveShown ? activeId : undefined}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target === event.currentTarget && active === undefined)
          go(moveCell(items, columnIds, undefined, { rows: 1, columns: 0 }));
      }}
      style={{ '--tracks': columnTracks(columns) } as React.CSSProperties}
    >
      <VisuallyHidden id={`${gridId}-help`}>{words.gridHelp}</VisuallyHidden>
      <TableHeader columns={columns} sort={sort} onSort={onSort} />
      <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index];
          if (item === undefined) return null;
          if (item.type === 'heading')
            return (
              <SectionHeading
                key={key}
                item={item}
                rowIndex={index + 2}
                top={start}
                columns={columns.length}
              />
            );
          const isActive = active?.id === item.id;
          return (
            <ClientRow
              key={key}
              session={session}
              id={item.id}
              gridId={gridId}
              rowIndex={index + 2}
              top={start}
              columns={columns}
              hasDistance={hasDistance}
              activeColumn={isActive ? active.column : undefined}
              editingColumn={isActive ? editing : undefined}
              isOpen={item.id === openId}
              href={hrefOf(item.id)}
              statuses={statuses}
              peers={peers.get(item.id)}
              today={today}
              canEdit={canEdit}
              isSelected={selection.ids.has(item.id)}
              isSelecting={selection.isOn}
              onSelect={onSelectRow}
              onOpen={onOpen}
              onEdit={onEdit}
              onEditEnd={onEditEnd}
            />
          );
        })}
      </div>
    </div>
  );
}

const STEPS: Readonly<Record<string, { rows: number; columns: number }>> = {
  ArrowDown: { rows: 1, columns: 0 },
  ArrowUp: { rows: -1, columns: 0 },
  PageDown: { rows: 10, columns: 0 },
  PageUp: { rows: -10, columns: 0 },
  ArrowRight: { rows: 0, columns: 1 },
  ArrowLeft: { rows: 0, columns: -1 },
  Home: { rows: 0, columns: -100 },
  End: { rows: 0, columns: 100 },
};
