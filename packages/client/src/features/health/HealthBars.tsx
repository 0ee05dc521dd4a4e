// A day or a quarter of one check as small bars; the same as a table for who cannot see them. Height tells the state
// beside the colour: a full bar is the worst.
import type { BarState } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { healthMessages as words } from '../../i18n/messages/health.ts';
import { toSpans } from './bar-spans.ts';
import styles from './HealthBars.module.css';

type HealthBarsProps = {
  title: string;
  bars: readonly BarState[];
  fromMs: number;
  barMs: number;
  range: 'day' | 'quarter';
};

const HEIGHTS: Readonly<Record<BarState, number>> = { none: 2, ok: 10, degraded: 15, failing: 20 };
const STEP = 5;
const HEIGHT = 20;

export function HealthBars({ title, bars, fromMs, barMs, range }: HealthBarsProps): ReactElement {
  const isDays = range === 'quarter';
  return (
    <div>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {bars.map((state, index) => {
          const start = fromMs + index * barMs;
          return (
            <rect
              key={start}
              className={styles[state]}
              x={index * STEP}
              y={HEIGHT - HEIGHTS[state]}
              width={STEP - 1.5}
              height={HEIGHTS[state]}
            >
              <title>{`${words.span(start, start + barMs, isDays)}: ${words.barStates[state]}`}</title>
            </rect>
          );
        })}
      </svg>
      <div className={styles.scale} aria-hidden="true">
        <span>{words.ago[range]}</span>
        <span>{words.now}</span>
      </div>
      <table className={styles.table}>
        <caption>{words.bars(title)}</caption>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {toSpans(bars, fromMs, barMs).map((span) => (
            <tr key={span.fromMs}>
              <td>{words.span(span.fromMs, span.toMs, isDays)}</td>
              <td>{words.barStates[span.state]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
