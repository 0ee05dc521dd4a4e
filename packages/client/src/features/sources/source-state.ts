// What a source's card says about its state, and how a delivery's outcome looks.
import type { Delivery, Source } from '@wedsync/shared';
import type { ImportSummary } from '../../i18n/messages/sources.ts';
import type { IconName } from '../../ui/Icon.tsx';

export type CardState = 'active' | 'paused' | 'silent';

/** Paused by a person, silent until the first event, active afterwards. */
export function cardState(source: Pick<Source, 'state' | 'lastEventAt'>): CardState {
  if (source.state === 'paused') return 'paused';
  return source.lastEventAt === undefined ? 'silent' : 'active';
}

export type Outcome = {
  readonly icon: IconName;
  readonly tone: 'good' | 'plain' | 'warn' | 'bad';
  readonly canReplay: boolean;
};

/** Applied events can be applied again too: after a mistake in the list that is how they are brought back. */
export function outcomeOf(state: Delivery['state']): Outcome {
  switch (state) {
    case 'applied':
      return { icon: 'check', tone: 'good', canReplay: true };
    case 'waiting':
      return { icon: 'clock', tone: 'plain', canReplay: false };
    case 'ignored':
    case 'duplicate':
      return { icon: 'minus', tone: 'plain', canReplay: state === 'ignored' };
    case 'quarantined':
      return { icon: 'help', tone: 'warn', canReplay: true };
    case 'failed':
      return { icon: 'warning', tone: 'bad', canReplay: true };
  }
}

/** Whether the signed sample of the relay is one that the source's provider could have sent. */
export function takesSample({ provider }: Pick<Source, 'provider'>): boolean {
  return ['standard', 'generic', 'zapier', 'make'].includes(provider);
}

/** What became of a first import. */
export function importSummary(
  read: number,
  outcomes: NonNullable<NonNullable<Source['import']>['outcomes']>,
): ImportSummary {
  const { applied = 0, ignored = 0, duplicate = 0, waiting = 0, quarantined = 0, failed = 0 } = outcomes;
  return { read, applied, unchanged: ignored + duplicate, waiting, stuck: quarantined + failed };
}

/** Whether what the card says of a first import will be out of date in a moment. */
export function isImporting({ import: job }: Pick<Source, 'import'>): boolean {
  return job?.state === 'running' || (job?.outcomes?.waiting ?? 0) > 0;
}
