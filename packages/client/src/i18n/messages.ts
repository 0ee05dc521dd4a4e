// Words that several screens share. What belongs to one screen stands in messages/<screen>.ts, so that a screen
// that is loaded later brings its own words.
import { count } from './formatters.ts';

export const messages = {
  appName: 'WedSync',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  undo: 'Undo',
  redo: 'Redo',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  dismiss: 'Dismiss message',
  more: 'More',
  loading: 'Loading…',
  couples: (n: number) => count(n, 'couple'),
  undone: (name: string) => `Undone: ${name}`,
  redone: (name: string) => `Done again: ${name}`,
  nothingToUndo: 'Nothing to undo.',
  changedSince: (name: string) => `Someone has changed this since, so it was left as it is: ${name}`,
  crashTitle: 'Something went wrong on this screen',
  crashText:
    'Your couples are safe on this device. Reload to go on; if it happens again, save a backup file first.',
  reload: 'Reload',
  saveBackup: 'Save a backup file',
  notFoundTitle: 'There is nothing at this address',
  notFoundText: 'The link may be old, or made for another list.',
  toCouples: 'To my couples',
} as const;
