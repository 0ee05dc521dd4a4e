// Words of the page "This device": what is safe where, backup files, room, and the check before a wedding.
import { count } from '../formatters.ts';

const megabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;

export const deviceMessages = {
  title: 'This device',
  lead: 'What is safe where, and whether your couples open without signal.',
  clockOff: 'The clock of this device is wrong. Your changes are kept in order by the server’s time.',
  tabs: 'Windows with this list',
  waitingTitle: 'Waiting to be stored',
  waitingNone: 'Nothing waits: every change made on this device is stored.',
  waitingStates: {
    unsaved: 'being written to this device',
    device: 'on this device, not sent yet',
    sent: 'sent, not confirmed yet',
    stored: 'stored',
    stuck: 'set aside',
  },
  listItself: 'Settings of the list',
  unnamed: 'Couple without a name',
  andMore: (n: number) => `and ${count(n, 'more couple')}`,
  setAsideTitle: 'Set aside',
  setAsideLead:
    'These changes were not accepted. They are kept here until you apply them again, save them, or discard them.',
  apply: 'Apply again',
  applied: (n: number) => `${count(n, 'change')} applied again.`,
  notApplied: 'Nothing could be applied again.',
  discard: 'Discard',
  discardAll: 'Discard all',
  saveSetAside: 'Save as a file',
  readOnly: 'You may read this list, but not change it.',
  backupTitle: 'Backup file',
  backupLead:
    'A file with every couple, note and waiting change. It can be opened here again, as often as you like: nothing comes twice.',
  save: 'Save a backup file',
  open: 'Open a backup file…',
  opened: (added: number, changed: number, notes: number) =>
    added + changed + notes === 0
      ? 'Everything in this file is in the list already.'
      : `From the file: ${count(added, 'couple')} added, ${changed} changed, ${count(notes, 'note')} brought back.`,
  openFailed: {
    'not-a-backup': 'This is not a backup file of this app.',
    'newer-version': 'This file was written by a newer version of the app. Update the app first.',
    'not-here': 'The list is not on this device yet. Connect once, so that nothing comes twice.',
    'read-only': 'You may read this list, but not change it.',
  },
  keepTitle: 'Keeping the list here',
  kept: {
    granted: 'The browser keeps this list until you remove it.',
    denied: 'The browser may remove this list when space runs out or after weeks without a visit.',
    unknown: 'This browser does not say whether it keeps the list.',
  },
  askKeep: 'Ask the browser to keep it',
  askRefused: 'The browser has not agreed. Most browsers agree once the app is installed.',
  room: (used: number, quota: number) => `${megabytes(used)} used of ${megabytes(quota)}.`,
  install: {
    installed: 'The app is installed on this device.',
    promptable: 'Installed, the app opens from the home screen or desktop, and the browser keeps its data.',
    'by-hand':
      'On iPhone and iPad: tap Share, then “Add to Home Screen”. Otherwise Safari removes the list after seven days without a visit.',
    unavailable: 'Your browser’s menu may offer to install the app.',
  },
  installNow: 'Install the app',
  venueTitle: 'Ready for the venue?',
  venueLead: 'Proves, now, that the app and this list open in airplane mode.',
  check: 'Check now',
  checkAgain: 'Check again',
  checking: 'Checking…',
  ready: 'Ready. You can switch to airplane mode.',
  notReady: 'Not ready yet.',
  levels: { good: 'Good', warn: 'Worth knowing', bad: 'Missing' },
  app: {
    ready: 'The app itself is on this device.',
    uncontrolled: 'The app is not ready to open without network yet. Reload this page once.',
    unsupported: 'This browser or window does not allow apps to open without network.',
    missing: 'Parts of the app are missing on this device. Reload this page with a connection.',
  },
  list: {
    here: (n: number) => `The list was read back from this device: ${count(n, 'couple')}.`,
    missing: () => 'The list is not on this device yet. Stay connected for a moment.',
    damaged: () => 'A part of the stored list is damaged. Connect once, and it is fetched again.',
    fault: () => 'The storage of this device could not be read.',
  },
  notes: (missing: number) =>
    missing === 0
      ? 'All notes are on this device.'
      : 'Some notes are still being fetched. Stay connected for a moment.',
  sent: (waiting: number) =>
    waiting === 0
      ? 'Every change made here is stored.'
      : `${count(waiting, 'couple')} with changes that are only on this device.`,
  roomLeft: (bytes: number) => `${megabytes(bytes)} of room left.`,
  roomUnknown: 'This browser does not say how much room is left.',
  reload: 'Reload',
} as const;
