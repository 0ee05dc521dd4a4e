import { describe, expect, it } from 'vitest';
import type { Message } from '../mail/mail.ts';
import type { Incident } from './health-store.ts';
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

function start(options: { operator?: string; owners?: readonly string[] }) {
  const sent: Message[] = [];
  const state = { isMailAway: false, isDatabaseAway: false };
  const notices = createNotices({
    mail: {
      isConfigured: true,
      async send(message) {
        if (state.isMailAway) throw new Error('away');
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
    onError: () => undefined,
  });
  return { sent, state, notices };
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
    const { sent, state, notices } = start({ owners: ['a@studio.com'] });
    await notices.round();
    Object.assign(state, { isMailAway: true, isDatabaseAway: true });
    notices.tell(incident);
    await notices.round();
    state.isMailAway = false;
    await expect
      .poll(async () => {
        await notices.round();
        return sent.length;
      })
      .toBe(1);
    await notices.round();
    expect(sent).toHaveLength(1);
  });
});
