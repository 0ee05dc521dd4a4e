// The app's one picture: a strip of a contact sheet with the chosen frame circled in grease pencil. Screens say
// what their frames hold; it is decoration, so it is hidden from screen readers.
import type { ReactElement } from 'react';
import styles from './ContactSheet.module.css';
import { cx } from './cx.ts';

export type Frame = 'rings' | 'hills' | 'arch' | 'toast' | 'aisle' | 'moon' | 'empty';

const DRAWINGS: Readonly<Record<Frame, readonly string[]>> = {
  rings: ['M26 33a14 14 0 1 0 28 0 14 14 0 1 0-28 0', 'M42 33a14 14 0 1 0 28 0 14 14 0 1 0-28 0'],
  hills: [
    'M0 48c16-16 28-16 44-5s32 6 52-9',
    'M0 58c20-6 34-4 50-1s30 2 46-4',
    'M68 17a7 7 0 1 0 14 0 7 7 0 1 0-14 0',
  ],
  arch: ['M28 64V34a20 20 0 0 1 40 0v30', 'M36 64V36a12 12 0 0 1 24 0v28'],
  toast: [
    'M34 14h12l-2 16a4 4 0 0 1-8 0zM40 34v16M34 50h12',
    'M54 18h12l-2 16a4 4 0 0 1-8 0zM60 38v12M54 50h12',
  ],
  aisle: [
    'M20 64L44 24M76 64L52 24M10 24h76',
    'M48 30a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM42 46c0-8 2-14 6-14s6 6 6 14z',
  ],
  moon: ['M58 44a18 18 0 1 1-14-30 14 14 0 0 0 14 30z', 'M22 18v4M20 20h4M74 48v4M72 50h4'],
  empty: [],
};

/** Frames in rows of three; `chosen` is the index of the circled one. */
export function ContactSheet({
  frames,
  chosen,
  className,
}: {
  frames: readonly Frame[];
  chosen: number;
  className?: string | undefined;
}): ReactElement {
  const rows = Math.ceil(frames.length / 3);
  const height = rows * 88 + 4;
  return (
    <svg className={cx(styles.sheet, className)} viewBox={`0 0 332 ${height}`} aria-hidden="true">
      <title>Contact sheet</title>
      {Array.from({ length: rows }, (_, row) => `row${row}`).map((key, row) => (
        <rect key={key} className={styles.film} x="0" y={row * 88} width="332" height="84" rx="3" />
      ))}
      {frames.map((frame, index) => {
        const x = (index % 3) * 106 + 12;
        const y = Math.floor(index / 3) * 88 + 10;
        return (
          <g key={`${index}-${frame}`} transform={`translate(${x} ${y})`}>
            <rect className={styles.frame} data-tint={index % 4} width="96" height="64" rx="1.5" />
            <text className={styles.number} x="2" y="71.5">
              {`${12 + Math.floor(index / 2)}${index % 2 === 1 ? 'A' : ''}`}
            </text>
            <svg width="96" height="64" viewBox="0 0 96 64">
              <title>Frame</title>
              {DRAWINGS[frame].map((path) => (
                <path key={path} className={styles.drawing} d={path} />
              ))}
            </svg>
          </g>
        );
      })}
      <path
        className={styles.pencil}
        transform={`translate(${(chosen % 3) * 106 + 12} ${Math.floor(chosen / 3) * 88 + 10})`}
        d="M104-13C66-22 6-14-8 18c-12 30 10 54 46 58 38 4 74-10 74-42C112 8 84-6 50-10"
      />
    </svg>
  );
}
