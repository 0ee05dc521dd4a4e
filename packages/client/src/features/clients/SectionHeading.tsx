// A month among the couples: the list reads like a calendar of weddings.
import type { ReactElement } from 'react';
import { locale } from '../../i18n/formatters.ts';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import { messages } from '../../i18n/messages.ts';
import { cx } from '../../ui/cx.ts';
import styles from './SectionHeading.module.css';
import type { Heading, ListItem } from './sections.ts';

const monthFormat = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });

export function headingText(heading: Heading): string {
  if (heading.kind === 'undecided') return words.undecided;
  return monthFormat.format(Date.UTC(heading.year, heading.month - 1, 1));
}

type HeadingItem = Extract<ListItem, { type: 'heading' }>;

/** As a row of the grid, placed by the virtualiser. `top` in px. */
export function SectionHeading({
  item,
  rowIndex,
  top,
  columns,
}: {
  item: HeadingItem;
  rowIndex: number;
  top: number;
  columns: number;
}): ReactElement {
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" aria-colspan={columns} className={styles.cell}>
        <HeadingText item={item} />
      </div>
    </div>
  );
}

/** As an item of the phone's list. */
export function HeadingText({ item }: { item: HeadingItem }): ReactElement {
  const isPast = item.heading.kind === 'month' && item.heading.isPast;
  return (
    <span className={cx(styles.text, isPast && styles.past)}>
      <span className={styles.title}>{headingText(item.heading)}</span>
      <span className={styles.count}>
        {messages.couples(item.count)}
        {isPast && ` · ${words.past}`}
      </span>
    </span>
  );
}
