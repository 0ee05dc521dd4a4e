// Words for screen readers alone.
import type { ReactElement, ReactNode } from 'react';
import styles from './VisuallyHidden.module.css';

export function VisuallyHidden({ children, id }: { children: ReactNode; id?: string }): ReactElement {
  return (
    <span className={styles.hidden} id={id}>
      {children}
    </span>
  );
}
