// A screen of its own beside the list: its title, what it is for, the one thing to do there, and its content.
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './Page.module.css';

type PageProps = {
  title: string;
  /** What the screen is for, in a sentence or two. */
  lead?: string;
  /** The main button, if there is one. */
  action?: ReactNode;
  /** `wide` for cards side by side, `narrow` for one column of text. */
  width?: 'narrow' | 'column' | 'wide';
  children: ReactNode;
};

export function Page({ title, lead, action, width = 'column', children }: PageProps): ReactElement {
  return (
    <div className={styles.page}>
      <div className={cx(styles.column, styles[width])}>
        <header className={styles.header}>
          <div>
            <h1 className={styles.title}>{title}</h1>
            {lead !== undefined && <p className={styles.lead}>{lead}</p>}
          </div>
          {action}
        </header>
        {children}
      </div>
    </div>
  );
}
