// The sync service in this process, over a store in memory and a real HTTP server: for tests that look inside or
// break the store. Everything closes with the test file.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import pino from 'pino';
import { afterAll } from 'vitest';
import { createTokenVerifier, type TokenVerifier } from '../../src/auth/verify-token.ts';
import { createEventBus } from '../../src/events.ts';
import { createSync, type SyncLimits } from '../../src/sync.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';

export const LIMITS: SyncLimits = {
  frameBytes: 1024 * 1024,
  documentBytes: 16 * 1024 * 1024,
  messageBurst: 10_000,
  messagesPerSecond: 1_000,
  byteBurst: 64 * 1024 * 1024,
  bytesPerSecond: 16 * 1024 * 1024,
  bareDeletionBurst: 500,
  bareDeletionsPerSecond: 5,
  socketsPerPerson: 100,
  openingPerAddress: 1_000,
  bufferedBytes: 8 * 1024 * 1024,
  stallMs: 20_000,
  openMs: 10_000,
  pingMs: 20_000,
  deadMs: 60_000,
  maxRooms: 10_000,
  maxOpening: 1_000,
  backlogBytes: 64 * 1024 * 1024,
  roomIdleMs: 50,
  tailEntries: 500,
  generationClientIds: 2_000,
};

const running = new Set<() => Promise<unknown>>();
afterAll(async () => {
  for (const stop of running) await stop();
});

/** A signed token of a person, by default for an hour. */
export function personToken(
  userId: string,
  claims: Record<string, unknown> = {},
  secret = SECRET,
): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const all = {
    sub: userId,
    role: 'authenticated',
    aud: 'authenticated',
    email: `${userId}@example.com`,
    exp,
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
}

export function serviceToken(): Promise<string> {
  return personToken('service', { role: 'service_role', sub: undefined });
}

/** The usual check of tokens, for tests that put something before it. */
export const verifyToken = createTokenVerifier({ secret: SECRET });

export async function startSync(
  limits: Partial<SyncLimits> = {},
  store: MemoryStore = createMemoryStore(),
  verify: TokenVerifier = verifyToken,
) {
  const server = createServer();
  const bus = createEventBus((error) => {
    throw error;
  });
  const sync = createSync({
    server,
    store,
    verifyToken: verify,
    bus,
    origins: { allowed: [] },
    limits: { ...LIMITS, ...limits },
    log: pino({ level: 'silent' }),
    now: Date.now,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let drained: Promise<number> | undefined;
  const stop = () => {
    drained ??= sync.drain(2_000).then((count) => {
      server.close();
      server.closeAllConnections();
      return count;
    });
    running.delete(stop);
    return drained;
  };
  running.add(stop);
  const { port } = server.address() as AddressInfo;
  return { sync, store, bus, server, stop, syncUrl: `ws://127.0.0.1:${port}/sync`, port };
}
