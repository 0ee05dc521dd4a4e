// Mails about incidents: one when it begins, one when it is over, to the operator or the owners. What the mail server
// does not take is tried again for a while, after a restart too.
import { createHash } from 'node:crypto';
import { AppError } from '@wedsync/shared';
import type { Mail } from '../mail/mail.ts';
import type { HealthStore, Incident } from './health-store.ts';
import type { Letter, LetterBox } from './letter-box.ts';

export interface NoticesOptions {
  readonly mail: Pick<Mail, 'isConfigured' | 'send'>;
  readonly store: Pick<HealthStore, 'ownerMails'>;
  /** Gets what concerns the whole relay; without one its lists' owners do. */
  readonly operator: string | undefined;
  /** Address of the app, for the link. */
  readonly baseUrl: () => string;
  /** What is not sent yet, also after a restart. */
  readonly box: LetterBox;
  readonly onError: (error: unknown) => void;
}

export interface Notices {
  tell(incident: Incident): void;
  /** Tries what is waiting again, and remembers who to write to when the database is away. */
  round(): Promise<void>;
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

/** The same for every try and every relay that writes it. */
function letterId({ key, listId, openedAt, closedAt }: Incident, to: string): string {
  const named = [key, listId ?? '', openedAt, closedAt === null ? 'begins' : 'over', to].join('\n');
  return createHash('sha256').update(named).digest('base64url');
}

export function createNotices(options: NoticesOptions): Notices {
  const { mail, store, operator, box } = options;
  /** Whose owners are not known yet: the database was asked and did not answer. */
  let unaddressed: Incident[] = [];
  let owners: readonly string[] = [];
  let delivering: Promise<void> | undefined;

  async function addressesOf({ listId }: Incident): Promise<readonly string[]> {
    if (listId === null && operator !== undefined) return [operator];
    if (listId !== null) return await store.ownerMails(listId);
    return await store.ownerMails(null).catch(() => owners);
  }

  async function send(letter: Letter): Promise<void> {
    try {
      await mail.send(letter);
      box.remove(letter.id);
    } catch (error) {
      const attempts = letter.attempts + 1;
      const isOver = attempts === MAX_ATTEMPTS || (error instanceof AppError && !error.retryable);
      if (isOver) box.remove(letter.id);
      else box.put({ ...letter, attempts });
      if (isOver || attempts === 1) options.onError(error);
    }
  }

  /** One at a time, each once a call: two at once would send the same letter twice. */
  function deliver(): Promise<void> {
    const before = delivering ?? Promise.resolve();
    const own = before.then(async () => {
      for (const letter of box.all()) await send(letter);
    });
    delivering = own;
    return own;
  }

  async function write(incident: Incident): Promise<void> {
    const letter = toLetter(incident, options.baseUrl());
    let addresses: readonly string[];
    try {
      addresses = await addressesOf(incident);
    } catch (error) {
      unaddressed.push(incident);
      throw error;
    }
    for (const to of addresses.filter(isReachable))
      box.put({ ...letter, id: letterId(incident, to), to, attempts: 0 });
    await deliver();
  }

  return {
    tell(incident) {
      if (mail.isConfigured) write(incident).catch(options.onError);
    },
    async round() {
      if (!mail.isConfigured) return;
      if (operator === undefined) owners = await store.ownerMails(null).catch(() => owners);
      const again = unaddressed;
      unaddressed = [];
      for (const incident of again) await write(incident).catch(() => undefined);
      await deliver();
    },
  };
}
