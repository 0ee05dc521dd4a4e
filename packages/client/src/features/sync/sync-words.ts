// Turns the sync status into what the chip and its sheet say: a pure function, one row per stage.
import { syncMessages as words } from '../../i18n/messages/sync.ts';
import type { SyncStatus } from '../../transport/sync-status.ts';
import type { IconName } from '../../ui/Icon.tsx';

export type SyncTone = 'good' | 'busy' | 'waiting' | 'problem';

export type SyncAction = 'retry' | 'backup' | 'set-aside' | 'sign-in' | 'reload';

export type SyncWords = {
  readonly chip: string;
  /** The chip without the running seconds, for screen readers: it changes only when the situation does. */
  readonly spoken: string;
  readonly icon: IconName;
  readonly tone: SyncTone;
  readonly text: string;
  readonly actions: readonly SyncAction[];
};

/** What to say about `status` at `nowMs` (ms since 1970). */
export function syncWords(status: SyncStatus, nowMs: number): SyncWords {
  const { stage, waitingRecords } = status;
  const simple = (icon: IconName, tone: SyncTone, actions: readonly SyncAction[] = []): SyncWords => ({
    chip: words.chip[stage],
    spoken: words.chip[stage],
    icon,
    tone,
    text: words.text[stage],
    actions,
  });
  switch (stage) {
    case 'loading':
    case 'saving':
      return simple('device', 'busy');
    case 'device':
      return simple('device', 'busy');
    case 'sending':
      return simple('cloudUp', 'busy');
    case 'stored':
      return simple('cloudDone', 'good');
    case 'offline': {
      const chip = waitingRecords > 0 ? words.chip.offlineWaiting(waitingRecords) : words.chip.offline;
      const text = waitingRecords > 0 ? words.text.offline : words.text.offlineIdle;
      return { chip, spoken: chip, icon: 'cloudOff', tone: 'waiting', text, actions: [] };
    }
    case 'unreachable': {
      const seconds = secondsUntil(status.retryAt, nowMs);
      const chip = seconds === undefined ? words.chip.unreachable : words.chip.unreachableRetry(seconds);
      return {
        chip,
        spoken: words.chip.unreachable,
        icon: 'cloudOff',
        tone: 'waiting',
        text: words.text.unreachable,
        actions: ['retry'],
      };
    }
    case 'sign-in':
      return simple('lock', 'problem', ['sign-in', 'backup']);
    case 'rights-lost':
      return status.reason === 'forbidden' || status.reason === 'unknown-document'
        ? noAccess(status)
        : simple('warning', 'problem', ['set-aside']);
    case 'storage-fault': {
      const fault = status.reason === undefined ? undefined : words.faults[status.reason];
      const base = simple('warning', 'problem', ['backup']);
      return fault === undefined ? base : { ...base, text: `${fault} ${words.text['storage-fault']}` };
    }
    case 'update-needed':
      return simple('refresh', 'problem', ['reload']);
  }
}

/** Removed from the list: what is on this device stays readable, unsent edits included, and can be kept. */
function noAccess({ waitingRecords, setAsideRecords }: SyncStatus): SyncWords {
  const hasUnsent = waitingRecords + setAsideRecords > 0;
  return {
    chip: words.chip.noAccess,
    spoken: words.chip.noAccess,
    icon: 'lock',
    tone: 'problem',
    text: hasUnsent ? `${words.text.noAccess} ${words.text.noAccessUnsent}` : words.text.noAccess,
    actions: setAsideRecords > 0 ? ['set-aside', 'backup'] : ['backup'],
  };
}

/** Whole seconds until an instant; undefined when it is not known or has passed. */
export function secondsUntil(atMs: number | undefined, nowMs: number): number | undefined {
  if (atMs === undefined || atMs <= nowMs) return undefined;
  return Math.ceil((atMs - nowMs) / 1000);
}
