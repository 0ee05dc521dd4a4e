// Questions to what is outside of the relay: does it answer? Each resolves when it does and rejects when not.
import { once } from 'node:events';
import { statfs } from 'node:fs/promises';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SupabaseClient } from '@supabase/supabase-js';

/** A request that is answered at all: below 500 the other side works and is merely of another opinion. */
export async function probeHttp(
  url: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const response = await fetch(url, { signal, headers, redirect: 'manual' });
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`answered ${response.status}`);
}

/** Joins a channel and leaves it: the way every browser takes. */
export async function probeRealtime(client: SupabaseClient, signal: AbortSignal): Promise<void> {
  const channel = client.channel(`health:${Math.random().toString(36).slice(2)}`);
  try {
    await new Promise<void>((done, fail) => {
      signal.addEventListener('abort', () => fail(new Error('not joined in time')));
      channel.subscribe((state) => {
        if (state === 'SUBSCRIBED') done();
        else if (state === 'CHANNEL_ERROR' || state === 'TIMED_OUT') fail(new Error(state));
      });
    });
  } finally {
    await client.removeChannel(channel);
  }
}

/** Bytes that are free for this process; undefined where there is no telling, as on some mounted services. */
export async function readFreeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return blocks === 0 ? undefined : bavail * bsize;
  } catch {
    return undefined;
  }
}

/** `PING` in the protocol that Redis and Valkey speak, with the sign-in that the address names. */
export async function probeRedis(address: string, signal: AbortSignal): Promise<void> {
  const url = new URL(address);
  const port = Number(url.port || 6379);
  const socket: Socket =
    url.protocol === 'rediss:'
      ? // An address is no name that a certificate could be asked for.
        connectTls({ host: url.hostname, port, servername: isIP(url.hostname) === 0 ? url.hostname : '' })
      : connectPlain({ host: url.hostname, port });
  const stop = () => socket.destroy(new Error('not answered in time'));
  signal.addEventListener('abort', stop);
  try {
    await once(socket, url.protocol === 'rediss:' ? 'secureConnect' : 'connect');
    const sign = [url.username, url.password].map(decodeURIComponent).filter((part) => part !== '');
    if (sign.length > 0) socket.write(command(['AUTH', ...sign]));
    socket.write(command(['PING']));
    let answer = '';
    for await (const chunk of socket) {
      answer += String(chunk);
      if (answer.includes('+PONG')) return;
      if (/^-/m.test(answer)) throw new Error(answer.split('\r\n')[0]);
    }
    throw new Error('closed');
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

/** An array of bulk strings, as the protocol wants commands. */
function command(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
