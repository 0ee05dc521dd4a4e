// The couple's photo, or two overlapping discs with their initials in the colour of their wedding's season.
import { type CSSProperties, lazy, type ReactElement, Suspense } from 'react';
import { cx } from '../../../ui/cx.ts';
import type { CouplePhotoProps } from './CouplePhoto.tsx';
import styles from './Monogram.module.css';
import { initialOf, seasonHue } from './season.ts';

// Without its code there are initials; the next page asks for it again.
const CouplePhoto = lazy(() =>
  import('./CouplePhoto.tsx').then(
    (module) => ({ default: module.CouplePhoto }),
    () => ({ default: ({ initials }: CouplePhotoProps) => initials }),
  ),
);

type MonogramProps = {
  first: string;
  second: string;
  weddingDate: unknown;
  photo: unknown;
  size?: 'small' | 'large';
};

/** Decorative: the names stand beside it. A person alone has one disc. */
export function Monogram({ first, second, weddingDate, photo, size = 'small' }: MonogramProps): ReactElement {
  const hue = seasonHue(weddingDate);
  const style = { '--hue': hue ?? 60 } as CSSProperties;
  const one = initialOf(first);
  const two = initialOf(second);
  const initials = (
    <>
      <span className={styles.disc}>{one === '' ? '·' : one}</span>
      {two !== '' && <span className={styles.disc}>{two}</span>}
    </>
  );
  return (
    <span
      className={cx(styles.monogram, styles[size], hue === undefined && styles.plain)}
      style={style}
      aria-hidden="true"
    >
      {typeof photo === 'string' && photo.startsWith('https://') ? (
        <Suspense fallback={initials}>
          <CouplePhoto address={photo} initials={initials} />
        </Suspense>
      ) : (
        initials
      )}
    </span>
  );
}
