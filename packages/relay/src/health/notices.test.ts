import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@wedsync/shared';
import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../mail/mail.ts';
import type { Incident } from './health-store.ts';
import { createLetterBox } from './letter-box.ts';
import { createNotices, toLetter } from './notices.ts';

const incident: Incident = {
  id: '1',
  key: 'redis',
  listId: null,
  title: 'Redis',
  cause: 'Redis does not answer.',
  fix: 'Start Redis again.',
  openedAt: Date.UTC(2026, 5, 12, 14, 5),
  closedAt: null,
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wedsync-letters-'));
  folders.push(folder);
  return join(folder, 'letters.json');
}

interface World {
  mail: 'takes' | 'away' | 'knows no such address';
  isDatabaseAway: boolean;
}

function start(options: { operator?: string; owners?: readonly string[]; file?: string }) {
  const sent: Message[] = [];
  const tries: Message[] = [];
  const told: unknown[] = [];
  const state: World = { mail: 'takes', isDatabaseAway: false };
  const notices = createNotices({
    mail: {
      isConfigured: true,
      async send(message) {
        tries.push(message);
        if (state.mail === 'away') throw new AppError('upstream-failed');
        if (state.mail === 'knows no such address')
          throw new AppError('upstream-failed', { retryable: false });
        sent.push(message);
      },
    },
    store: {
      async ownerMails() {
        if (state.isDatabaseAway) throw new Error('away');
        return options.owners ?? [];
      },
    },
    operator: options.operator,
    baseUrl: () => 'https://wed.example',
    box: createLetterBox(options.file ?? newFile(), (error) => told.push(error)),
    onError: (error) => told.push(error),
  });
  return { sent, tries, told, state, notices };
}

describe('HEALTH-1 mails about incidents', () => {
  it('say what happened, what to do, since when, and where to look', () => {
    expect(toLetter(incident, 'https://wed.example')).toMatchInlineSnapshot(`
      {
        "subject": "WedSync: Redis needs attention",
        "text": "Redis does not answer.

      What to do: Start Redis again.

      Since 2026-06-12 14:05 UTC. Your couples are safe. More: https://wed.example

      You get one more mail when this is over.
      ",
      }
    `);
    const over = toLetter(
      { ...incident, listId: 'l_a', closedAt: incident.openedAt + 600_000 },
      'https://wed.example',
    );
    expect(over.subject).toBe('WedSync: Redis works again');
    expect(over.text).toContain('after 10 minutes');
    expect(over.text).toContain('https://wed.example/l_a/health');
  });

  it('go to the operator, else to the owners, never to addresses that cannot get any', async () => {
    const operated = start({ operator: 'ops@studio.com', owners: ['a@studio.com'] });
    operated.notices.tell(incident);
    operated.notices.tell({ ...incident, listId: 'l_a' });
    await expect
      .poll(() => operated.sent.map(({ to }) => to).sort())
      .toEqual(['a@studio.com', 'ops@studio.com']);
    const owned = start({ owners: ['a@studio.com', 'demo@wedsync.example', 'b@studio.com'] });
    owned.notices.tell(incident);
    await expect.poll(() => owned.sent.map(({ to }) => to)).toEqual(['a@studio.com', 'b@studio.com']);
  });

  it('wait for the mail server, and go out while the database is away', async () => {
    const { sent, tries, state, notices } = start({ owners: ['a@studio.com'] });
    await notices.round();
    Object.assign(state, { mail: 'away', isDatabaseAway: true });
    notices.tell(incident);
    await expect.poll(() => tries.length).toBe(1);
    await notices.round();
    state.mail = 'takes';
    await notices.round();
    await notices.round();
    expect(sent).toHaveLength(1);
    // A mail server that took it and could not say so sees that it is the same one.
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
  });

  it('are sent once, however many rounds there are meanwhile', async () => {
    const { sent, notices } = start({ operator: 'ops@studio.com' });
    notices.tell(incident);
    await Promise.all([notices.round(), notices.round()]);
    notices.tell({ ...incident, closedAt: incident.openedAt + 60_000 });
    await Promise.all([notices.round(), notices.round()]);
    expect(sent.map(({ subject }) => subject)).toEqual([
      'WedSync: Redis needs attention',
      'WedSync: Redis works again',
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  });

  it('survive a restart while the mail server is away, and leave nothing behind', async () => {
    const file = newFile();
    const first = start({ operator: 'ops@studio.com', file });
    first.state.mail = 'away';
    first.notices.tell(incident);
    await first.notices.round();
    expect(existsSync(file)).toBe(true);
    const second = start({ operator: 'ops@studio.com', file });
    await second.notices.round();
    await second.notices.round();
    expect(second.sent.map(({ id }) => id)).toEqual([first.tries[0]?.id]);
    expect(existsSync(file)).toBe(false);
  });

  it('about a list wait for the database to say whose it is', async () => {
    const { sent, state, notices } = start({ owners: ['a@studio.com'] });
    state.isDatabaseAway = true;
    notices.tell({ ...incident, listId: 'l_a' });
    await notices.round();
    expect(sent).toEqual([]);
    state.isDatabaseAway = false;
    await notices.round();
    expect(sent.map(({ to }) => to)).toEqual(['a@studio.com']);
  });

  it('are given up for an address that does not exist, and after an hour of rounds', async () => {
    const gone = start({ operator: 'ops@studio.com' });
    gone.state.mail = 'knows no such address';
    gone.notices.tell(incident);
    await gone.notices.round();
    await gone.notices.round();
    expect(gone.tries).toHaveLength(1);
    const late = start({ operator: 'ops@studio.com' });
    late.state.mail = 'away';
    late.notices.tell(incident);
    for (let round = 0; round < 200; round += 1) await late.notices.round();
    expect(late.tries).toHaveLength(120);
    // Once at the first failure and once at the end.
    expect(late.told).toHaveLength(2);
  });

  it('are in memory where the disk does not take them', async () => {
    const { sent, told, notices } = start({
      operator: 'ops@studio.com',
      file: '/no such folder/letters.json',
    });
    notices.tell(incident);
    await expect.poll(() => sent.length).toBe(1);
    expect(told.length).toBeGreaterThan(0);
  });
});
