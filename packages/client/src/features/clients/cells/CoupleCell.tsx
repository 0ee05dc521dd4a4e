// The couple's monogram and names; a link, so that it can be opened in a tab of its own.
import type { MouseEvent, ReactElement } from 'react';
import type { RecordView } from '../../../session/document-view.ts';
import { nameParts, spokenNames } from '../edit/field-text.ts';
import styles from './CoupleCell.module.css';
import { Monogram } from './Monogram.tsx';

type CoupleCellProps = { record: RecordView; couple: string; href: string; onOpen: () => void };

export function CoupleCell({ record, couple, href, onOpen }: CoupleCellProps): ReactElement {
  const { first, second } = nameParts(record);
  const { short, last } = spokenNames(record);
  return (
    <a
      href={href}
      tabIndex={-1}
      title={couple}
      className={styles.couple}
      onClick={(event) => openHere(event, onOpen)}
    >
      <Monogram
        first={first}
        second={second}
        weddingDate={record.values.weddingDate}
        photo={record.values.photo}
      />
      <span className={styles.names}>
        <span className={styles.name}>{short}</span> <span className={styles.last}>{last}</span>
      </span>
    </a>
  );
}

/** Opens in place unless the person asked the browser for another tab or window. */
export function openHere(event: MouseEvent, onOpen: () => void): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  onOpen();
}
