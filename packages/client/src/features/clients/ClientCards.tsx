// The phone's list: one card per couple under the months, virtualised like the table.
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import type { ListSession, Peer } from '../../session/list-session.ts';
import { useClientRecord, useWaiting } from '../../session/react.ts';
import { cx } from '../../ui/cx.ts';
import { useElementWidth } from '../../ui/use-element-width.ts';
import styles from './ClientCards.module.css';
import { openHere } from './cells/CoupleCell.tsx';
import { Monogram } from './cells/Monogram.tsx';
import { RowMarks } from './cells/RowMarks.tsx';
import { StatusPill } from './cells/StatusPill.tsx';
import { cellText, coupleOf, daysAway, dayText, nameParts, spokenNames } from './edit/field-text.ts';
import { HeadingText } from './SectionHeading.tsx';
import type { ListItem } from './sections.ts';
import { SelectBox } from './select/SelectBox.tsx';
import type { SelectionControl } from './select/use-selection.ts';
import { type StatusOption, statusLabel } from './statuses.ts';

type ClientCardsProps = {
  session: ListSession;
  items: readonly ListItem[];
  shown: number;
  hrefOf: (id: string) => string;
  onOpen: (id: string) => void;
  statuses: readonly StatusOption[];
  peers: ReadonlyMap<string, readonly Peer[]>;
  today: string;
  selection: SelectionControl;
  /** What scrolls away above the cards: title, search, views. */
  header: ReactNode;
};

const CARD_REM = 5.5;
const HEADING_REM = 3;

export function ClientCards({
  session,
  items,
  shown,
  hrefOf,
  onOpen,
  statuses,
  peers,
  today,
  selection,
  header,
}: ClientCardsProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [, remPx] = useElementWidth(scroller);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.type === 'heading' ? HEADING_REM : CARD_REM) * remPx,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 8,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, items, remPx]);
  const margin = virtualizer.options.scrollMargin;
  return (
    <div ref={scroller} className={styles.scroller}>
      {header}
      <div
        ref={list}
        role="list"
        aria-label={words.table}
        className={styles.list}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index];
          if (item === undefined) return null;
          const style = { transform: `translateY(${start - margin}px)` };
          if (item.type === 'heading')
            return (
              <div key={key} role="listitem" className={styles.heading} style={style}>
                <h2 className={styles.month}>
                  <HeadingText item={item} />
                </h2>
              </div>
            );
          return (
            <div
              key={key}
              role="listitem"
              aria-posinset={item.position + 1}
              aria-setsize={shown}
              className={styles.item}
              style={style}
            >
              <ClientCard
                session={session}
                id={item.id}
                href={hrefOf(item.id)}
                onOpen={onOpen}
                statuses={statuses}
                peers={peers.get(item.id)}
                today={today}
                isSelected={selection.ids.has(item.id)}
                isSelecting={selection.isOn}
                onSelect={selection.onSelect}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

type ClientCardProps = {
  session: ListSession;
  id: string;
  href: string;
  onOpen: (id: string) => void;
  statuses: readonly StatusOption[];
  peers: readonly Peer[] | undefined;
  today: string;
  isSelected: boolean;
  isSelecting: boolean;
  onSelect: (id: string, isRange: boolean) => void;
};

const ClientCard = memo(function ClientCard({
  session,
  id,
  href,
  onOpen,
  statuses,
  peers,
  today,
  isSelected,
  isSelecting,
  onSelect,
}: ClientCardProps): ReactElement | null {
  const record = useClientRecord(session, id);
  const waiting = useWaiting(session, id);
  const boxId = useId();
  if (record === undefined) return null;
  const { first, second } = nameParts(record);
  const { short, last } = spokenNames(record);
  const { weddingDate, status } = record.values;
  const days = daysAway(weddingDate, today);
  const venue = cellText('venue', record);
  const content = (
    <>
      <Monogram first={first} second={second} weddingDate={weddingDate} photo={record.values.photo} />
      <span className={styles.main}>
        <span className={styles.top}>
          <span className={styles.name}>{short}</span>
          <span className={styles.last}>{last}</span>
          <RowMarks session={session} record={record} waiting={waiting} peers={peers} />
        </span>
        <span className={styles.line}>
          <span>{dayText(weddingDate) ?? words.undecidedShort}</span>
          {days !== undefined && days >= 0 && days <= 400 && (
            <span className={styles.away}>{words.inDays(days)}</span>
          )}
        </span>
        <span className={styles.bottom}>
          <span className={styles.venue}>{venue}</span>
          {typeof status === 'string' && (
            <StatusPill statusId={status} label={statusLabel(statuses, status)} />
          )}
        </span>
      </span>
    </>
  );
  if (isSelecting)
    return (
      <label htmlFor={boxId} className={cx(styles.card, isSelected && styles.selected)}>
        <SelectBox
          id={boxId}
          couple={coupleOf(record)}
          isSelected={isSelected}
          onSelect={(isRange) => onSelect(id, isRange)}
        />
        {content}
      </label>
    );
  return (
    <a href={href} className={styles.card} onClick={(event) => openHere(event, () => onOpen(id))}>
      {content}
    </a>
  );
});
