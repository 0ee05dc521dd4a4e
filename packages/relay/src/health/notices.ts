// Mails about incidents: one when it begins, one when it is over, to the operator or the owners. What the mail server
// does not take is tried again for a while.
import type { Mail } from '../mail/mail.ts';
import type { HealthStore, Incident } from './health-store.ts';

export interface NoticesOptions {
  readonly mail: Pick<Mail, 'isConfigured' | 'send'>;
  readonly store: Pick<HealthStore, 'ownerMails'>;
  /** Gets what concerns the whole relay; without one its lists' owners do. */
  readonly operator: string | undefined;
  /** Address of the app, for the link. */
  readonly baseUrl: () => string;
  readonly onError: (error: unknown) => void;
}

export interface Notices {
  tell(incident: Incident): void;
  /** Tries what is waiting again, and remembers who to write to when the database is away. */
  round(): Promise<void>;
}

interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  attempts: number;
}

/** With a round every 30 s that is an hour; older news is no news. */
const MAX_ATTEMPTS = 120;

/** Addresses that can get no mail: RFC 2606. */
const isReachable = (address: string) => !/\.(?:example|invalid|test)$/i.test(address);

/** What the mail says. */
export function toLetter(incident: Incident, baseUrl: string): { subject: string; text: string } {
  const { title, cause, fix, listId, openedAt, closedAt } = incident;
  const page = listId === null ? baseUrl : `${baseUrl}/${listId}/health`;
  const since = new Date(openedAt).toISOString().slice(0, 16).replace('T', ' ');
  if (closedAt === null)
    return {
      subject: `WedSync: ${title} needs attention`,
      text: `${cause}\n\nWhat to do: ${fix}\n\nSince ${since} UTC. Your couples are safe. More: ${page}\n\nYou get one more mail when this is over.\n`,
    };
  const minutes = Math.max(1, Math.round((closedAt - openedAt) / 60_000));
  return {
    subject: `WedSync: ${title} works again`,
    text: `It is over: ${title} works again, after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} (since ${since} UTC).\n\nMore: ${page}\n`,
  };
}

export function createNotices(options: NoticesOptions): Notices {
  const { mail, store, operator } = options;
  let waiting: Letter[] = [];
  let owners: readonly string[] = [];

  async function addressesOf({ listId }: Incident): Promise<readonly string[]> {
    if (listId === null && operator !== undefined) return [operator];
    if (listId !== null) return await store.ownerMails(listId);
    return await store.ownerMails(null).catch(() => owners);
  }

  async function deliver(): Promise<void> {
    const due = waiting;
    waiting = [];
    for (const letter of due) {
      try {
        await mail.send(letter);
      } catch (error) {
        letter.attempts += 1;
        if (letter.attempts < MAX_ATTEMPTS) waiting.push(letter);
        if (letter.attempts === 1) options.onError(error);
      }
    }
  }

  async function write(incident: Incident): Promise<void> {
    const letter = toLetter(incident, options.baseUrl());
    for (const to of (await addressesOf(incident)).filter(isReachable))
      waiting.push({ ...letter, to, attempts: 0 });
    await deliver();
  }

  return {
    tell(incident) {
      if (mail.isConfigured) write(incident).catch(options.onError);
    },
    async round() {
      if (!mail.isConfigured) return;
      if (operator === undefined) owners = await store.ownerMails(null).catch(() => owners);
      await deliver();
    },
  };
}
