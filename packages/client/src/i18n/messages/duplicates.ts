// Words about two records that may be one couple.
import { count } from '../formatters.ts';

const KINDS = {
  email: 'same e-mail',
  phone: 'same phone number',
  'names-date': 'same names and wedding date',
} as const;

export const duplicatesMessages = {
  mayBe: 'May be the same couple as',
  why: (kinds: readonly (keyof typeof KINDS)[]) => {
    const text = new Intl.ListFormat('en', { type: 'conjunction' }).format(kinds.map((kind) => KINDS[kind]));
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  },
  merge: 'Merge',
  mergeLabel: (a: string, b: string) => `Merge ${b} into ${a}`,
  keepBoth: 'Keep both',
  keepBothLabel: (a: string, b: string) => `Keep both ${a} and ${b}`,
  keepStep: 'Keep both couples',
  kept: 'Kept both. You will not be asked about these two again.',
  merged: (name: string) => `Merged into ${name}`,
  listTitle: (n: number) =>
    n === 1 ? 'Two couples may be the same' : `${count(n, 'pair')} of couples may be the same`,
  listLead: 'Nothing is merged without you. Changes that a source sends for either of them go on arriving.',
  more: (n: number) => `And ${n} more, shown when these are done.`,
  dialogTitle: 'Merge these two?',
  dialogLead: (stays: string, goes: string) =>
    `“${stays}” stays and gets what only the other one has. The other one, “${goes}”, goes into the trash, and what its source sends from now on changes the one that stays.`,
  differ: 'They differ here. Choose what stays:',
  nothingDiffers: 'They agree wherever both say something.',
  mergedInto: 'This couple was merged into',
  mergedText: 'What its source sends arrives there. Bring it back to take the merge back.',
  and: 'and',
} as const;
