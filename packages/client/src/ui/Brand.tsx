// The app's mark and name: two rings, circled in grease pencil.
import type { ReactElement } from 'react';
import styles from './Brand.module.css';

/** The mark alone, decorative. `size` in CSS pixels. */
export function BrandMark({ size = 28 }: { size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" strokeLinecap="round">
      <circle className={styles.ring} cx="13.4" cy="16" r="5" />
      <circle className={styles.ring} cx="19.4" cy="16" r="5" />
      <path
        className={styles.pencil}
        d="M28 4.6C20 2.3 9.5 3.6 5 9.8c-4.4 6.1-2 13.8 5.6 17 7.8 3.2 17.2.7 19.2-6.7 1.7-6.3-3.6-12.1-11-14.9"
      />
    </svg>
  );
}

export function Brand({ name }: { name: string }): ReactElement {
  return (
    <span className={styles.brand}>
      <BrandMark />
      <span>{name}</span>
    </span>
  );
}
