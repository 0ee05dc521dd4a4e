// The table's header row: press a name to sort, again to turn round, again for the order of the house.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import styles from './ClientTable.module.css';
import type { Column } from './columns.ts';
import { type ListSort, nextSort } from './sections.ts';

type TableHeaderProps = { columns: readonly Column[]; sort: ListSort; onSort: (sort: ListSort) => void };

export function TableHeader({ columns, sort, onSort }: TableHeaderProps): ReactElement {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        {columns.map((column, index) => {
          const direction = sort.by !== 'next' && sort.by === column.id ? sort.direction : undefined;
          const label = words.columns[column.id];
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={column.isSortable ? (direction ?? 'none') : undefined}
              className={cx(styles.headCell, column.id === 'price' && styles.right)}
            >
              {column.isSortable ? (
                <button
                  type="button"
                  className={styles.sort}
                  title={words.sortBy(label)}
                  onClick={() => onSort(nextSort(sort, column.id as Exclude<ListSort['by'], 'next'>))}
                >
                  {label}
                  {direction !== undefined && (
                    <Icon name={direction === 'ascending' ? 'arrowUp' : 'arrowDown'} size={14} />
                  )}
                </button>
              ) : (
                <HeaderText isHidden={column.id === 'marks'} text={label} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeaderText({ isHidden, text }: { isHidden: boolean; text: string }): ReactElement {
  return isHidden ? <VisuallyHidden>{text}</VisuallyHidden> : <span>{text}</span>;
}
