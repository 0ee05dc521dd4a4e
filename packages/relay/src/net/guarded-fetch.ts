// Requests to other systems: HTTPS, no redirects, no private addresses (looked at when connecting, so that a name that
// changes its mind is refused too), an end in time and a limit of size.
import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, fetch as undiciFetch } from 'undici';

export interface FetchRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Largest answer; 8 MiB when not given. */
  readonly maxBytes?: number;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What no other try will change. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly code: 'not-https' | 'not-public' | 'too-large';
  constructor(code: RefusedRequest['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Rejects when there is no whole answer. */
export type GuardedFetch = (url: string, request?: FetchRequest) => Promise<FetchAnswer>;

const TIMEOUT_MS = 8_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/** Looks a name up and refuses it when any of its addresses is private. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      return callback(new RefusedRequest('not-public', 'the address is not public'), '', 0);
    if (options.all === true) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

async function readBody(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new RefusedRequest('too-large', 'the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @param insteadOf for tests: an origin that gets every request, the real host as the first step of its path */
export function createGuardedFetch(insteadOf?: string): GuardedFetch & { close(): Promise<void> } {
  const agent = new Agent({
    connect: { timeout: TIMEOUT_MS, ...(insteadOf === undefined && { lookup: guardedLookup }) },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const send: GuardedFetch = async (
    url,
    { method = 'GET', headers = {}, body, maxBytes = MAX_BYTES } = {},
  ) => {
    const target = new URL(url);
    if (target.protocol !== 'https:') throw new RefusedRequest('not-https', 'only https');
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !isPublicAddress(host))
      throw new RefusedRequest('not-public', 'the address is not public');
    const address =
      insteadOf === undefined
        ? target
        : new URL(`/${target.host}${target.pathname}${target.search}`, insteadOf);
    const answer = await undiciFetch(address, {
      method,
      headers: { accept: 'application/json', ...headers },
      redirect: 'manual',
      dispatcher: agent,
      signal: AbortSignal.timeout(TIMEOUT_MS * 2),
      ...(body !== undefined && { body }),
    });
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await readBody(answer.body, maxBytes),
    };
  };
  return Object.assign(send, { close: () => agent.close() });
}
