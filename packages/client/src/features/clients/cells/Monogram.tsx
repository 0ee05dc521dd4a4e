// Two overlapping discs with the couple's initials, in the colour of their wedding's season.
import type { CSSProperties, ReactElement } from 'react';
import { cx } from '../../../ui/cx.ts';
import styles from './Monogram.module.css';
import { initialOf, seasonHue } from './season.ts';

type MonogramProps = { first: string; second: string; weddingDate: unknown; size?: 'small' | 'large' };

/** Decorative: the names stand beside it. A person alone has one disc. */
export function Monogram({ first, second, weddingDate, size = 'small' }: MonogramProps): ReactElement {
  const hue = seasonHue(weddingDate);
  const style = { '--hue': hue ?? 60 } as CSSProperties;
  const one = initialOf(first);
  const two = initialOf(second);
  return (
    <span
      className={cx(styles.monogram, styles[size], hue === undefined && styles.plain)}
      style={style}
      aria-hidden="true"
    >
      <span className={styles.disc}>{one === '' ? '·' : one}</span>
      {two !== '' && <span className={styles.disc}>{two}</span>}
    </span>
  );
}
