// How the server and the sources of this list are doing: what needs attention first, then everything, then what was.
import type { HealthCheck, HealthIncident, HealthRange, ListHealth, WireEvent } from '@wedsync/shared';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { healthMessages as words } from '../../i18n/messages/health.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Page } from '../../ui/Page.tsx';
import { useTick } from '../../ui/use-tick.ts';
import { HealthCard } from './HealthCard.tsx';
import styles from './HealthPage.module.css';
import { useLiveHealth } from './use-live-health.ts';

type HealthPageProps = {
  /** Rejects with an error that has a `code` of the error registry. */
  load: (range: HealthRange) => Promise<ListHealth>;
  onServerEvent: (listener: (event: WireEvent) => void) => () => void;
  sourcesHref: string;
};

const RANGES: readonly HealthRange[] = ['day', 'quarter'];
const isBad = ({ state }: HealthCheck): boolean => state === 'failing' || state === 'degraded';
const isInUse = ({ state }: HealthCheck): boolean => state !== 'off';

export function HealthPage({ load, onServerEvent, sourcesHref }: HealthPageProps): ReactElement {
  const [range, setRange] = useState<HealthRange>('day');
  const loadRange = useCallback(() => load(range), [load, range]);
  const { health, failure, reload } = useLiveHealth(loadRange, onServerEvent);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      width="wide"
      action={<RangeChoice value={range} onChange={setRange} />}
    >
      {health === undefined && failure === undefined && <p className={styles.note}>{messages.loading}</p>}
      {health === undefined && failure !== undefined && (
        <EmptyState
          frames={['empty', 'moon', 'empty']}
          chosen={1}
          title={navigator.onLine ? words.failed : words.offline}
        >
          <Button onClick={reload}>{messages.retry}</Button>
        </EmptyState>
      )}
      {health !== undefined && (
        <Health
          health={health}
          range={range}
          isStale={failure !== undefined}
          sourcesHref={sourcesHref}
          onReload={reload}
        />
      )}
    </Page>
  );
}

type RangeChoiceProps = { value: HealthRange; onChange: (range: HealthRange) => void };

function RangeChoice({ value: chosen, onChange }: RangeChoiceProps): ReactElement {
  return (
    <div className={styles.ranges} role="group" aria-label={words.range}>
      {RANGES.map((value) => (
        <button
          key={value}
          type="button"
          className={cx(styles.range, value === chosen && styles.chosen)}
          aria-pressed={value === chosen}
          onClick={() => onChange(value)}
        >
          {words.ranges[value]}
        </button>
      ))}
    </div>
  );
}

type HealthProps = {
  health: ListHealth;
  range: HealthRange;
  isStale: boolean;
  sourcesHref: string;
  onReload: () => void;
};

function Health({ health, range, isStale, sourcesHref, onReload }: HealthProps): ReactElement {
  const nowMs = useTick(1_000);
  // The server's clock counts: what it says is shown by how long ago it was there.
  const [offsetMs, setOffsetMs] = useState(0);
  useEffect(() => setOffsetMs(health.checkedAt - Date.now()), [health]);
  const serverMs = Math.max(health.checkedAt, nowMs + offsetMs);
  const { checks, incidents } = health;
  const bad = checks.filter(isBad).length;
  const isNotReady =
    health.status !== 'ok' && checks.some(({ key, state }) => key === 'database' && state === 'failing');
  const card = (check: HealthCheck): ReactElement => (
    <HealthCard
      key={check.key}
      check={check}
      barsFrom={health.barsFrom}
      barMs={health.barMs}
      range={range}
      nowMs={serverMs}
      nextCheckAt={health.nextCheckAt}
    />
  );
  const sources = checks.filter(({ sourceId }) => sourceId !== undefined);
  const server = checks.filter((check) => check.sourceId === undefined);
  const byNeed = (a: HealthCheck, b: HealthCheck): number => Number(isBad(b)) - Number(isBad(a));

  return (
    <>
      <div className={cx(styles.summary, bad > 0 && styles.summaryBad)}>
        <span className={styles.summaryMark}>
          <Icon name={bad === 0 ? 'check' : 'warning'} size={22} />
        </span>
        <div className={styles.summaryText}>
          <p className={styles.summaryTitle} role="status">
            {bad === 0 ? words.allGood : words.attention(bad)}
          </p>
          <p className={styles.quiet}>
            {isStale
              ? words.failed
              : `${words.checked(health.checkedAt, serverMs)} · ${words.next(Math.round((health.nextCheckAt - serverMs) / 1000))}`}
          </p>
          {isNotReady && <p>{words.notReady}</p>}
        </div>
        <Button icon="refresh" onClick={onReload}>
          {words.checkNow}
        </Button>
      </div>
      <section>
        <h2 className={styles.heading}>{words.sources}</h2>
        {sources.length === 0 ? (
          <p className={styles.note}>
            {words.noSources}{' '}
            <Link href={sourcesHref} className={styles.link}>
              {words.toSources}
            </Link>
          </p>
        ) : (
          <ul className={styles.cards}>{sources.toSorted(byNeed).map(card)}</ul>
        )}
      </section>
      <section>
        <h2 className={styles.heading}>{words.server}</h2>
        <ul className={styles.cards}>{server.filter(isInUse).toSorted(byNeed).map(card)}</ul>
        <Unused checks={server.filter((check) => !isInUse(check))} />
      </section>
      <section>
        <h2 className={styles.heading}>{words.incidents}</h2>
        {incidents.length === 0 ? (
          <p className={styles.note}>{words.noIncidents}</p>
        ) : (
          <ul className={styles.incidents}>
            {incidents.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Unused({ checks }: { checks: readonly HealthCheck[] }): ReactElement | null {
  if (checks.length === 0) return null;
  return (
    <div className={styles.unused}>
      <h3 className={styles.unusedTitle}>{words.unused}</h3>
      <ul>
        {checks.map(({ key, title, cause, fix }) => (
          <li key={key}>
            <strong>{title}</strong> {[cause, fix].filter(Boolean).join(' ')}
          </li>
        ))}
      </ul>
    </div>
  );
}

function IncidentRow({ incident }: { incident: HealthIncident }): ReactElement {
  const { title, cause, openedAt, closedAt } = incident;
  return (
    <li className={styles.incident}>
      <span className={closedAt === null ? styles.markBad : styles.markOver}>
        <Icon name={closedAt === null ? 'warning' : 'check'} size={18} />
      </span>
      <div>
        <p>
          <strong>{title}</strong>
          {closedAt === null && <span className={styles.openMark}>{words.open}</span>}
        </p>
        <p className={styles.quietText}>{cause}</p>
        <p className={styles.quiet}>
          {closedAt === null ? words.began(openedAt) : words.lasted(openedAt, closedAt)}
        </p>
      </div>
    </li>
  );
}
