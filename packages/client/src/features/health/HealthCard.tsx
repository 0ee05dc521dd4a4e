// One check: its state in words, why and what to do, how it was.
import type { HealthCheck, HealthState } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { healthMessages as words } from '../../i18n/messages/health.ts';
import { Card } from '../../ui/Card.tsx';
import type { IconName } from '../../ui/Icon.tsx';
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
const TONES = {
  ok: 'good',
  degraded: 'warn',
  failing: 'bad',
  unknown: 'calm',
  paused: 'warn',
  off: 'plain',
} as const;

/** The checks that ask another part: of the others, how long it took says nothing. */
const ASKING: readonly string[] = [
  'database',
  'supabaseRealtime',
  'webhookEndpoint',
  'externalAPIs',
  'smtp',
  'redis',
];

type HealthCardProps = {
  check: HealthCheck;
  barsFrom: number;
  barMs: number;
  range: 'day' | 'quarter';
  nowMs: number;
  nextCheckAt: number;
};

export function HealthCard({
  check,
  barsFrom,
  barMs,
  range,
  nowMs,
  nextCheckAt,
}: HealthCardProps): ReactElement {
  const { key, sourceId, title, state, since, cause, fix, lastSuccessAt, latencyMs } = check;
  const isBad = state === 'failing' || state === 'degraded';
  return (
    <Card
      icon={ICONS[state]}
      tone={TONES[state]}
      title={title}
      level={3}
      isLoud={isBad}
      state={
        <>
          <strong>{words.states[state]}</strong>
          {isBad && ` ${words.since(since, nowMs)}`}
          {state === 'ok' && latencyMs !== undefined && ASKING.includes(key) && (
            <span className={styles.quiet}> · {words.latency(latencyMs)}</span>
          )}
        </>
      }
    >
      {cause !== undefined && cause !== '' && <p className={styles.cause}>{cause}</p>}
      {fix !== undefined && fix !== '' && (
        <p className={styles.fix}>
          <strong>{words.fix}:</strong> {fix}
        </p>
      )}
      <div className={styles.foot}>
        <HealthBars title={title} bars={check.bars} fromMs={barsFrom} barMs={barMs} range={range} />
        {(state !== 'ok' || sourceId !== undefined) && (
          <p className={styles.quiet}>
            {lastSuccessAt === undefined ? words.neverWorked : words.lastSuccess(lastSuccessAt, nowMs)}
            {isBad && ` · ${words.next(Math.round((nextCheckAt - nowMs) / 1000))}`}
          </p>
        )}
      </div>
    </Card>
  );
}
