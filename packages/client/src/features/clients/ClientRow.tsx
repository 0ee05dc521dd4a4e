// One couple as a row of the grid. It listens to its own record alone, so an edit elsewhere does not render it.
import { lazy, memo, type ReactElement, type ReactNode, Suspense } from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import type { ListSession, Peer } from '../../session/list-session.ts';
import { useClientRecord, useWaiting } from '../../session/react.ts';
import { cx } from '../../ui/cx.ts';
import styles from './ClientRow.module.css';
import { CoupleCell } from './cells/CoupleCell.tsx';
import { DateCell } from './cells/DateCell.tsx';
import { RowMarks } from './cells/RowMarks.tsx';
import { StatusSelect } from './cells/StatusSelect.tsx';
import { Tags } from './cells/Tags.tsx';
import type { Column, ColumnId } from './columns.ts';
import type { EditEnd } from './edit/FieldEditor.tsx';
import { cellText, coupleOf, tagsOf } from './edit/field-text.ts';
import type { GridCell } from './grid-moves.ts';
import { SelectBox } from './select/SelectBox.tsx';
import type { StatusOption } from './statuses.ts';

export const importCellEditor = () =>
  import('./edit/CellEditor.tsx').then((module) => ({ default: module.CellEditor }));
const CellEditor = lazy(importCellEditor);

type ClientRowProps = {
  session: ListSession;
  id: string;
  gridId: string;
  rowIndex: number;
  /** Px from the top of the body. */
  top: number;
  columns: readonly Column[];
  /** Whether dates have room for how far away they are. */
  hasDistance: boolean;
  activeColumn: ColumnId | undefined;
  editingColumn: ColumnId | undefined;
  isOpen: boolean;
  href: string;
  statuses: readonly StatusOption[];
  peers: readonly Peer[] | undefined;
  today: string;
  canEdit: boolean;
  isSelected: boolean;
  /** Whether all rows show their boxes. */
  isSelecting: boolean;
  onSelect: (id: string, isRange: boolean) => void;
  onOpen: (id: string) => void;
  onEdit: (cell: GridCell) => void;
  onEditEnd: (end: EditEnd) => void;
};

/** The DOM id of a cell, for `aria-activedescendant`. */
export const cellId = (gridId: string, { id, column }: GridCell): string => `${gridId}-${id}-${column}`;

export const ClientRow = memo(function ClientRow(props: ClientRowProps): ReactElement | null {
  const {
    session,
    id,
    gridId,
    rowIndex,
    top,
    columns,
    activeColumn,
    editingColumn,
    isOpen,
    isSelected,
    today,
  } = props;
  const record = useClientRecord(session, id);
  const waiting = useWaiting(session, id);
  if (record === undefined) return null;
  const couple = coupleOf(record);

  const content = (column: ColumnId): ReactNode => {
    switch (column) {
      case 'couple':
        return (
          <>
            <CoupleCell record={record} couple={couple} href={props.href} onOpen={() => props.onOpen(id)} />
            <span className={styles.select}>
              <SelectBox
                couple={couple}
                isSelected={isSelected}
                tabIndex={-1}
                onSelect={(isRange) => props.onSelect(id, isRange)}
              />
            </span>
          </>
        );
      case 'weddingDate':
        return <DateCell record={record} today={today} hasDistance={props.hasDistance} />;
      case 'status':
        return (
          <StatusSelect
            session={session}
            record={record}
            statuses={props.statuses}
            couple={couple}
            canEdit={props.canEdit}
          />
        );
      case 'tags':
        return <Tags tags={tagsOf(record)} max={2} />;
      case 'marks':
        return <RowMarks session={session} record={record} waiting={waiting} peers={props.peers} />;
      default:
        return (
          <span className={cx(styles.text, column === 'price' && styles.number)}>
            {cellText(column, record)}
          </span>
        );
    }
  };

  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      aria-current={isOpen || undefined}
      aria-selected={isSelected}
      className={cx(
        styles.row,
        (isOpen || isSelected) && styles.open,
        props.isSelecting && styles.selecting,
        activeColumn !== undefined && styles.activeRow,
      )}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map((column, index) => {
        const isEditing = editingColumn === column.id;
        const isText = column.id !== 'couple' && column.id !== 'marks' && column.id !== 'status';
        return (
          <div
            key={column.id}
            id={cellId(gridId, { id, column: column.id })}
            role="gridcell"
            aria-colindex={index + 1}
            className={cx(
              styles.cell,
              isText && props.canEdit && styles.editable,
              activeColumn === column.id && styles.active,
              isEditing && styles.editing,
            )}
            onClick={isText && !isEditing ? () => props.onEdit({ id, column: column.id }) : undefined}
          >
            {isEditing ? (
              <Suspense>
                <CellEditor
                  session={session}
                  record={record}
                  field={column.id}
                  statuses={props.statuses}
                  label={words.editCell(words.columns[column.id], couple)}
                  today={today}
                  onEnd={props.onEditEnd}
                />
              </Suspense>
            ) : (
              content(column.id)
            )}
          </div>
        );
      })}
    </div>
  );
});
