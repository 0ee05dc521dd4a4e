// Words of the sync chip and the sheet behind it: plain sentences, no jargon (UX section 1).
import { count, formatAgo, formatInstant } from '../formatters.ts';

const changes = (n: number): string => count(n, 'change');

export const syncMessages = {
  chip: {
    loading: 'Opening…',
    saving: 'Saving…',
    device: 'Saved on this device',
    sending: 'Sending…',
    stored: 'Stored',
    offline: 'Offline',
    offlineWaiting: (n: number) => `Offline · ${changes(n)} waiting`,
    unreachable: 'Can’t reach the server',
    unreachableRetry: (seconds: number) => `Can’t reach the server · retrying in ${seconds} s`,
    connecting: 'Connecting…',
    'sign-in': 'Sign in to sync',
    'rights-lost': 'Some changes can’t be sent',
    noAccess: 'No longer shared with you',
    'storage-fault': 'Storage problem',
    'update-needed': 'Update needed',
  },
  title: 'Is it saved?',
  text: {
    loading: 'The list is being read from this device.',
    saving: 'Your last change is being written to this device. This takes a moment.',
    device: 'Everything is safe on this device. It will be sent in a moment.',
    sending: 'Your changes have been sent. We wait for the word that they are stored.',
    stored: 'Every change made on this device is stored.',
    offline: 'Everything is safe on this device. It will be sent when you are back online.',
    offlineIdle: 'You can go on working. Changes are kept on this device and sent when you are back online.',
    unreachable: 'Everything is safe on this device. The server does not answer; we keep trying.',
    'sign-in': 'Your sign-in has run out. Changes stay on this device and are sent after you sign in again.',
    'rights-lost':
      'Some of your changes were not accepted and have been set aside, so nothing is lost. You can save them as a file.',
    noAccess:
      'You are no longer in this list, so it is not updated here any more. What you see is what was on this device; you can save it as a file.',
    noAccessUnsent: 'Your changes that were not sent are in it.',
    'storage-fault':
      'This device cannot keep your changes at the moment. They are only in this window: keep it open and save a backup file now.',
    'update-needed':
      'This list was written by a newer version of the app. You can read it; to edit it, update the app.',
  },
  faults: {
    unavailable: 'The browser does not let this app store anything. Private windows do that.',
    'open-failed': 'The storage of this device could not be opened.',
    'open-timeout': 'The storage of this device did not open in time. Another window may be blocking it.',
    quota: 'This device is full. Free some space, then reload.',
    closed: 'The browser has closed or cleared the storage of this app.',
    'write-failed': 'A change could not be written to this device.',
    'row-damaged':
      'A part of the stored list was damaged and has been put aside. Everything that could be read is shown.',
  } as Readonly<Record<string, string>>,
  reasons: {
    forbidden: 'you may read this list, but no longer change it',
    'future-stamp': 'this device’s clock is far ahead',
    'too-large': 'it is too large',
    structure: 'it was not understood',
  } as Readonly<Record<string, string>>,
  waiting: 'Waiting',
  waitingValue: (n: number) => count(n, 'couple'),
  nothingWaiting: 'Nothing',
  since: 'Since',
  lastStored: 'Last stored',
  never: 'Not yet',
  nextTry: 'Next try',
  inSeconds: (seconds: number) => `in ${seconds} s`,
  setAside: 'Set aside',
  retryNow: 'Try now',
  backup: 'Save a backup file',
  exportSetAside: 'Save set-aside changes as a file',
  signIn: 'Sign in',
  reload: 'Reload to update',
  chipLabel: (words: string) => `Sync: ${words}. Show details`,
  device: 'More about this device',
  oldEdits: (n: number) =>
    `Changes to ${count(n, 'couple')} have waited for more than a day. Save a backup file, so that nothing can get lost.`,
  ago: formatAgo,
  at: formatInstant,
} as const;
