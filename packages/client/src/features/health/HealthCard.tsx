// One check: its state in words, why and what to do, how it was.
import type { HealthCheck, HealthState } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { healthMessages as words } from '../../i18n/messages/health.ts';
import { cx } from '../../ui/cx.ts';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { HealthBars } from './HealthBars.tsx';
import styles from './HealthCard.module.css';

const ICONS: Readonly<Record<HealthState, IconName>> = {
  ok: 'check',
  degraded: 'warning',
  failing: 'close',
  unknown: 'clock',
  paused: 'pause',
  off: 'minus',
};

type HealthCardProps = {
  check: HealthCheck;
  barsFrom: number;
  barMs: number;
  range: 'day' | 'quarter';
  nowMs: number;
};

export function HealthCard({ check, barsFrom, barMs, range, nowMs }: HealthCardProps): ReactElement {
  const { title, state, since, cause, fix, lastSuccessAt, latencyMs } = check;
  const isBad = state === 'failing' || state === 'degraded';
  return (
    <li className={cx(styles.card, isBad && styles[`${state}Card`])}>
      <div className={styles.head}>
        <span className={cx(styles.mark, styles[state])}>
          <Icon name={ICONS[state]} size={18} />
        </span>
        <div className={styles.who}>
          <h3 className={styles.name}>{title}</h3>
          <p className={styles.state}>
            <strong>{words.states[state]}</strong>
            {isBad && ` ${words.since(since, nowMs)}`}
            {state === 'ok' && latencyMs !== undefined && (
              <span className={styles.quiet}> · {words.latency(latencyMs)}</span>
            )}
          </p>
        </div>
      </div>
      {cause !== undefined && cause !== '' && <p className={styles.cause}>{cause}</p>}
      {fix !== undefined && fix !== '' && (
        <p className={styles.fix}>
          <strong>{words.fix}:</strong> {fix}
        </p>
      )}
      <div className={styles.foot}>
        <HealthBars title={title} bars={check.bars} fromMs={barsFrom} barMs={barMs} range={range} />
        {state !== 'ok' && (
          <p className={styles.quiet}>
            {lastSuccessAt === undefined ? words.neverWorked : words.lastSuccess(lastSuccessAt, nowMs)}
          </p>
        )}
      </div>
    </li>
  );
}
