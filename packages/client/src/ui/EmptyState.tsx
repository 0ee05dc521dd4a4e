// What a screen shows when there is nothing to list: one picture, one sentence, one action.
import type { ReactElement, ReactNode } from 'react';
import { ContactSheet, type Frame } from './ContactSheet.tsx';
import styles from './EmptyState.module.css';

type EmptyStateProps = {
  frames: readonly Frame[];
  chosen: number;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
};

export function EmptyState({ frames, chosen, title, text, children }: EmptyStateProps): ReactElement {
  return (
    <div className={styles.empty}>
      <ContactSheet frames={frames} chosen={chosen} className={styles.picture} />
      <h2 className={styles.title}>{title}</h2>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
