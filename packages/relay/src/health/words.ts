// What a state means and what to do about it, in plain English: for the app, for mails and for the terminal.

export interface Words {
  readonly cause: string;
  readonly fix: string;
}

/** Titles of the checks, as people see them. */
export const CHECK_TITLES = {
  database: 'Database',
  supabaseRealtime: 'Supabase Realtime',
  webhookEndpoint: 'Webhook address',
  externalAPIs: 'Other services',
  smtp: 'E-mail',
  redis: 'Redis',
  queues: 'Queues',
  eventLoop: 'Server load',
  disk: 'Disk space',
  errorRate: 'Errors',
  lastSyncTime: 'Sync',
} as const;

export type SystemCheckKey = keyof typeof CHECK_TITLES;

export const WORDS = {
  databaseAway: {
    cause:
      'The database does not take writes. Changes wait, and are stored when it is back; nothing is lost.',
    fix: 'Start the database again, or look at its status page. Check SUPABASE_URL and SUPABASE_SECRET_KEY if it was never reached.',
  },
  databaseAwayHere: {
    cause:
      'The database does not take writes. Changes wait, and are stored when it is back; nothing is lost.',
    fix: 'Look whether the disk of DATA_DIR is full, and make room: it goes on by itself. Else restart the relay; npm run doctor says more.',
  },
  databaseSlow: {
    cause: 'The database answers slowly.',
    fix: 'Look at its load. Nothing has to be done if it passes.',
  },
  realtimeAway: {
    cause:
      'Supabase Realtime does not answer. Other programs hear of changes late; the app itself is not concerned.',
    fix: 'Look at the status page of Supabase, and whether Realtime is on for the project.',
  },
  realtimeOff: { cause: 'The built-in database has no Realtime.', fix: '' },
  endpointAway: {
    cause: 'The address for webhooks does not answer. Other systems cannot send their events.',
    fix: 'Open the address in a browser. Check PUBLIC_URL, the proxy in front, its certificate and the DNS entry.',
  },
  endpointFull: {
    cause: 'Too many events wait to be applied, so new ones are asked to come back later.',
    fix: 'See the queue below: when it moves again, nothing has to be done.',
  },
  externalNone: { cause: 'Nothing here depends on another service.', fix: '' },
  externalAway: {
    cause: 'A service that this installation needs does not answer.',
    fix: 'Look at the status page of that service, and at its key in the settings.',
  },
  smtpOff: { cause: 'No mail server is set, so no mails are sent.', fix: 'Set SMTP_URL to get mails.' },
  smtpAway: {
    cause: 'The mail server does not answer or refuses the sign-in. Mails are not sent.',
    fix: 'Check SMTP_URL: name, port, user and password.',
  },
  redisOff: { cause: 'No Redis is set; one relay does not need it.', fix: '' },
  redisAway: {
    cause:
      'Redis does not answer. Several relays hear of each other’s changes up to two seconds later; nothing is lost.',
    fix: 'Start Redis again, or check REDIS_URL.',
  },
  queueStuck: {
    cause: 'Events from other systems have been waiting to be applied for too long.',
    fix: 'Usually the database is busy or locked: look at its running queries. Restarting the relay does no harm, nothing is lost.',
  },
  queueSlow: { cause: 'What arrives is applied with a delay.', fix: 'Nothing has to be done if it passes.' },
  backlogFull: {
    cause: 'Too much waits in memory to be stored, so new changes are not taken. Devices keep theirs.',
    fix: 'Bring the database back; see Database.',
  },
  projectionBehind: {
    cause: 'The tables for other programs are behind the lists.',
    fix: 'Nothing has to be done if it passes. Else look at the relay’s log for “could not be projected”.',
  },
  loadHigh: {
    cause: 'The server is busy; answers take longer.',
    fix: 'Look for other programs on the machine, or give it more processor.',
  },
  diskLow: {
    cause: 'The disk with the database is nearly full.',
    fix: 'Make room on the disk of DATA_DIR.',
  },
  diskUnknown: {
    cause: 'How much room is left on the disk of DATA_DIR could not be found out.',
    fix: 'Look at it yourself now and then. When it is full, the card of the database says so.',
  },
  errorsMany: {
    cause: 'More requests than usual end in an error of the server.',
    fix: 'Look at the relay’s log; the other cards say what is away.',
  },
  syncWaiting: {
    cause: 'Changes have reached the server but could not be stored yet.',
    fix: 'See Database. The changes stay on the devices until they are stored.',
  },
  syncQuiet: { cause: 'No change has been made yet.', fix: '' },
  sourcePaused: {
    cause: 'Paused by a person: what arrives is kept and not applied.',
    fix: 'Press “Resume” on its card under Sources.',
  },
  sourceRefused: {
    cause: 'Its messages are refused: the signature does not match its secret.',
    fix: 'Copy the secret into the other system again; if it is lost, make a new one (Sources › New secret).',
  },
  sourceLate: {
    cause: 'Its messages are refused: their time is too far from ours.',
    fix: 'Set the clock of the other system, or have it send messages when they happen.',
  },
  sourceUnread: {
    cause: 'Its last message arrived but could not be understood.',
    fix: 'Open its recent events under Sources to see why; after a correction press “Apply again”.',
  },
  sourceFailed: {
    cause: 'Its last message arrived but could not be applied.',
    fix: 'Press “Apply again” on the event under Sources. If it fails again, the reason stands beside it.',
  },
  sourceStuck: {
    cause: 'Its messages arrive but are not applied.',
    fix: 'See Queues: as soon as they move, everything is applied in order.',
  },
  sourceSilent: {
    cause: 'Nothing has arrived yet.',
    fix: 'Give its address and secret to the other system, or press “Try it” under Sources.',
  },
  sourceMissing: {
    cause: 'It usually sends more often: nothing has arrived for unusually long.',
    fix: 'Check in the other system that the webhook is still switched on and has the right address.',
  },
} as const satisfies Record<string, Words>;
