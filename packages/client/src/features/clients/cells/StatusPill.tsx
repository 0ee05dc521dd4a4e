// A status as a pill: a shape and a word, so that it is never told by colour alone.
import type { ReactElement } from 'react';
import { cx } from '../../../ui/cx.ts';
import styles from './StatusPill.module.css';

/** Shapes and tones of the statuses every list starts with; a list's own statuses get the plain one. */
const TONES: Readonly<Record<string, string>> = {
  enquiry: 'enquiry',
  proposal: 'proposal',
  booked: 'booked',
  completed: 'completed',
  archived: 'archived',
  lost: 'lost',
};

export function StatusPill({ statusId, label }: { statusId: string; label: string }): ReactElement {
  return (
    <span className={cx(styles.pill, styles[TONES[statusId] ?? 'other'])}>
      <svg className={styles.mark} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <StatusShape statusId={statusId} />
      </svg>
      <span className={styles.label}>{label}</span>
    </span>
  );
}

function StatusShape({ statusId }: { statusId: string }): ReactElement {
  switch (statusId) {
    case 'enquiry':
      return <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'proposal':
      return (
        <>
          <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="M5 1.4a3.6 3.6 0 0 1 0 7.2z" fill="currentColor" />
        </>
      );
    case 'completed':
      return (
        <path
          d="M1.5 5.2l2.5 2.6 4.5-5.3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinecap="round"
        />
      );
    case 'lost':
      return <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />;
    case 'archived':
      return (
        <rect
          x="1.6"
          y="2.4"
          width="6.8"
          height="5.2"
          rx="1"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
        />
      );
    default:
      return <circle cx="5" cy="5" r="4.2" fill="currentColor" />;
  }
}
