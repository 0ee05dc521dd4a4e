// Words of the versions page: the list as it was on earlier days, and the way back.
import type { RestoreCounts } from '@wedsync/shared';
import { count, formatInstant } from '../formatters.ts';

const couples = (n: number): string => count(n, 'couple');

/** What a restore does, in one line each; nothing that does not happen is named. */
function changes({ changed, broughtBack, removed, leftOut }: RestoreCounts): string[] {
  const lines: string[] = [];
  if (changed > 0) lines.push(`${couples(changed)} get the values of then.`);
  if (broughtBack > 0) lines.push(`${couples(broughtBack)} come back from the trash.`);
  if (removed > 0) lines.push(`${couples(removed)} added since go to the trash.`);
  if (leftOut > 0) lines.push(`${couples(leftOut)} deleted for good stay deleted.`);
  return lines;
}

/** By the names of the close codes. */
const REASONS: Readonly<Record<string, string>> = {
  'bad-update': 'damaged on the way',
  structure: 'not in the form of a list, or it deleted too much at once',
  gap: 'built on edits that never arrived',
  'future-stamp': 'dated in the future: the clock of that device is wrong',
  'too-large': 'too large',
};

export const versionsMessages = {
  title: 'Versions',
  lead: 'The list is kept once a day, for 30 days. Bring it back to any of them: notes stay as they are, and a restore can be taken back.',
  keep: 'Keep this moment',
  keepTitle: 'Keep the list as it is now',
  name: 'Name',
  namePlaceholder: 'Before the season',
  nameMissing: 'Give this version a name.',
  keepNow: 'Keep',
  kept: (name: string) => `“${name}” is kept`,
  today: 'Kept by itself',
  beforeRestore: 'Right before a restore',
  at: formatInstant,
  couples,
  by: (email: string) => `by ${email}`,
  restore: 'Restore…',
  remove: 'Remove this version',
  removed: 'The version is removed',
  more: (name: string) => `More for ${name}`,
  restoreTitle: (when: string) => `Go back to ${when}?`,
  comparing: 'Comparing with the list of now…',
  changes,
  nothing: 'The list is just as it was then. There is nothing to restore.',
  restoreNow: 'Restore',
  restoring: 'Restoring…',
  restored: 'The list is restored',
  emptyTitle: 'No versions yet',
  emptyText: 'The first one is kept within the first day. You can keep this moment by hand.',
  failed: 'This did not work. Try again in a moment.',
  refusedTitle: 'Refused by the server',
  refusedLead: 'These edits are not in the list. The device they were made on has set them aside.',
  refusedReason: (code: string) => REASONS[code] ?? 'not allowed',
  offline: 'Versions are kept on the server. They are shown when you are back online.',
} as const;
