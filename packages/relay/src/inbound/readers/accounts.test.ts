// What becomes of a run that a provider or the inbox does not let end: when it is tried again, and what is said.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { FetchAnswer } from '../../net/guarded-fetch.ts';
import type { Rpc } from '../../store/rpc.ts';
import type { PutOutcome } from '../inbox.ts';
import { createSecretBox } from '../secret-box.ts';
import { accountPurpose, type SourceWithSecrets } from '../source-store.ts';
import { createAccounts } from './accounts.ts';

const SOURCE = 'src_a';
const box = createSecretBox('a key for these tests');
const SEALED = box.seal(JSON.stringify({ userId: 'u', apiKey: 'k', token: 't' }), accountPurpose(SOURCE));

type Save = { readonly nextMs: number | undefined; readonly problem: string };

interface World {
  /** undefined: nobody has made the source. */
  readonly provider?: string | undefined;
  readonly isPaused?: boolean;
  /** undefined: no account was connected. */
  readonly sealed?: string | undefined;
  /** Whether another relay holds the lease. */
  readonly isTaken?: boolean;
  readonly fetch?: (url: string) => Promise<FetchAnswer>;
  readonly put?: PutOutcome;
  /** What the database says to a page's state. */
  readonly saved?: string;
}

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): FetchAnswer => ({
  status,
  headers,
  body: Buffer.from(JSON.stringify(body)),
});
const contacts = { results: [{ id: '7', updatedAt: '2026-11-23T00:00:00Z', properties: {} }] };

function create(world: World) {
  const saves: Save[] = [];
  const timers: (() => void)[] = [];
  let claimed = 0;
  const sealed = 'sealed' in world ? world.sealed : SEALED;
  const rpc: Rpc = async (name, args) => {
    if (name === 'ws_account_get') return sealed === undefined ? '' : JSON.stringify({ sealed, state: {} });
    if (name === 'ws_account_claim') {
      claimed += 1;
      const rows = world.isTaken === true ? [] : [{ sourceId: SOURCE, sealed, state: {} }];
      return JSON.stringify(rows);
    }
    const { p_next_ms: ms, p_problem: problem = '' } = args as Record<string, string>;
    saves.push({ nextMs: ms === '' ? undefined : Number(ms), problem });
    return world.saved ?? 'ok';
  };
  const provider = 'provider' in world ? world.provider : 'hubspot';
  const found: SourceWithSecrets | undefined =
    provider === undefined
      ? undefined
      : {
          source: {
            id: SOURCE,
            listId: 'l_a',
            name: 'Theirs',
            provider,
            bodySignature: false,
            settleMs: 0,
            state: 'active',
            createdAt: 0,
            lastEventAt: null,
            settings: world.isPaused === true ? { isImportPaused: true } : {},
            account: null,
            vanished: [],
          },
          secrets: [],
        };
  const accounts = createAccounts({
    rpc,
    sources: { get: async () => found, rotate: async () => '' },
    inbox: { put: async () => world.put ?? { outcome: 'stored', id: 1 } },
    box,
    fetch: world.fetch ?? (async () => answer(200, contacts)),
    log: pino({ level: 'silent' }),
    baseUrl: () => 'https://relay.example.com',
    schedule: (_ms, callback) => {
      timers.push(callback);
      return () => void timers.splice(0);
    },
    now: () => Date.UTC(2026, 10, 23),
  });
  return { accounts, saves, timers, claims: () => claimed };
}

/** One look at what is due, to its end. */
async function lookOnce(world: World) {
  const made = create(world);
  made.accounts.start();
  while (made.timers.length === 0) await new Promise((done) => setImmediate(done));
  return made;
}

describe('HOOK-8 what an event announced', () => {
  it.each<[string, World, object]>([
    ['a source that is gone', { provider: undefined }, { outcome: 'aside', reason: 'needs-account' }],
    ['a provider that is not read', { provider: 'standard' }, { outcome: 'aside', reason: 'needs-account' }],
    ['no account', { sealed: undefined }, { outcome: 'aside', reason: 'needs-account' }],
    ['a contact', {}, { outcome: 'read', items: 1 }],
    [
      'a contact that is gone there',
      { fetch: async (url) => answer(url.includes('/objects/') ? 404 : 200, {}) },
      { outcome: 'read', items: 0 },
    ],
    [
      'rights that were taken away',
      { fetch: async () => answer(401, {}) },
      { outcome: 'aside', reason: 'provider-refused' },
    ],
    [
      'a provider that asks for patience',
      { fetch: async () => answer(429, {}, { 'retry-after': '90' }) },
      { outcome: 'wait', reason: 'provider-away', retryMs: 90_000 },
    ],
    [
      'a full inbox',
      { put: { outcome: 'full' } },
      { outcome: 'wait', reason: 'provider-away', retryMs: 30_000 },
    ],
    [
      'an account that another key has sealed',
      { sealed: 'v1.AAAA' },
      { outcome: 'wait', reason: 'provider-away', retryMs: 30_000 },
    ],
    [
      'a calendar that somebody is reading',
      { provider: 'google-calendar', isTaken: true },
      { outcome: 'wait', reason: 'busy', retryMs: 1_000 },
    ],
  ])('%s', async (_name, world, outcome) => {
    expect(await create(world).accounts.readAnnounced(SOURCE, '7')).toEqual(outcome);
  });
});

describe('HOOK-8 sources that are due', () => {
  it('each page is stored, then its state, then when to look again', async () => {
    const { saves } = await lookOnce({});
    expect(saves).toEqual([
      { nextMs: undefined, problem: '' },
      { nextMs: 900_000, problem: '' },
    ]);
  });

  it.each<[string, World, Save]>([
    ['a source that is gone', { provider: undefined }, { nextMs: 86_400_000, problem: '' }],
    ['one whose import is paused', { isPaused: true }, { nextMs: 5_000, problem: '' }],
    ['a full inbox', { put: { outcome: 'full' } }, { nextMs: 10_000, problem: '' }],
    [
      'rights that were taken away',
      { fetch: async () => answer(403, {}) },
      { nextMs: 1_800_000, problem: 'provider-refused' },
    ],
    [
      'a provider that is down',
      { fetch: async () => answer(503, {}) },
      { nextMs: 30_000, problem: 'provider-away' },
    ],
    [
      'a provider that asks for patience',
      { fetch: async () => answer(429, {}, { 'retry-after': '90' }) },
      { nextMs: 90_000, problem: 'provider-away' },
    ],
    [
      'an account that another key has sealed',
      { sealed: 'v1.AAAA' },
      { nextMs: 30_000, problem: 'provider-away' },
    ],
  ])('%s', async (_name, world, last) => {
    const { saves } = await lookOnce(world);
    expect(saves.at(-1)).toEqual(last);
  });

  it('a lease that was lost ends the run at that page', async () => {
    const more = { ...contacts, paging: { next: { after: '7' } } };
    const { saves } = await lookOnce({ saved: 'lost', fetch: async () => answer(200, more) });
    expect(saves).toHaveLength(2);
  });

  it('nothing is looked at after the close', async () => {
    const { accounts, timers, claims } = await lookOnce({});
    await accounts.close();
    expect([timers.length, claims()]).toEqual([0, 1]);
  });
});
