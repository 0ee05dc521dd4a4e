// The wedding date with its weekday, and how far away it is.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import type { RecordView } from '../../../session/document-view.ts';
import { daysAway, dayText } from '../edit/field-text.ts';
import styles from './DateCell.module.css';

type DateCellProps = { record: RecordView; today: string; hasDistance: boolean };

export function DateCell({ record, today, hasDistance }: DateCellProps): ReactElement {
  const date = record.values.weddingDate;
  const text = dayText(date);
  if (text === undefined) {
    const isOpen = date === null || date === undefined || date === 'tbd';
    return <span className={styles.none}>{isOpen ? words.undecidedShort : String(date)}</span>;
  }
  const days = daysAway(date, today);
  return (
    <span className={styles.date}>
      <span className={styles.day}>{text}</span>
      {hasDistance && days !== undefined && days >= 0 && days <= 400 && (
        <span className={styles.away}>{words.inDays(days)}</span>
      )}
    </span>
  );
}
