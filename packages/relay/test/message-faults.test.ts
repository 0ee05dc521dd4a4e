// What one socket sends hurts that socket alone: floods of messages that are too long, and messages in which a
// fault of ours is found.
import { once } from 'node:events';
import { connect } from 'node:net';
import { CLOSE } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { join } from './helpers/device.ts';
import { createMemoryStore } from './helpers/memory-store.ts';
import { personToken, startSync } from './helpers/sync-server.ts';

const LIST = `l_${'m'.repeat(22)}`;

async function start(limits: Parameters<typeof startSync>[0] = {}) {
  const store = createMemoryStore();
  store.createList(LIST, { ana: 'owner', ben: 'editor' });
  const relay = await startSync(limits, store);
  const enter = async (person: string) => await join(relay.syncUrl, await personToken(person), LIST);
  return { ...relay, enter };
}

describe('a socket that does harm', () => {
  it('RELAY-6 messages that are too long count against its limits, too', async () => {
    const { enter } = await start({ frameBytes: 1_000, messageBurst: 40, messagesPerSecond: 1 });
    const { socket } = await enter('ana');
    for (let n = 1; n <= 60; n += 1)
      socket.send({ type: 'send', n, step: 'update', update: new Uint8Array(1_500) });
    expect(await socket.closed).toBe(CLOSE['rate-limited']);
    expect(socket.messages.filter(({ type }) => type === 'refused').length).toBeLessThan(41);
  });

  it('RELAY-5 a message that meets a fault of ours ends its socket, and nobody else notices', async () => {
    const { sync, enter } = await start();
    const [ana, ben] = [await enter('ana'), await enter('ben')];
    const room = sync.registry.get(LIST);
    if (room === undefined) throw new Error('no room');
    const { publish } = room;
    room.publish = () => {
      throw new Error('a fault');
    };
    ana.socket.send({ type: 'send', n: 1, step: 'update', update: ana.add('Hall') });
    expect(await ana.socket.closed).toBe(CLOSE.internal);
    room.publish = publish;
    ben.socket.send({ type: 'send', n: 1, step: 'update', update: ben.add('Barn') });
    await ben.socket.next('stored', ({ n }) => n === 1);
  });

  it('RELAY-5 an upgrade to what is no address is refused, and nobody else notices', async () => {
    const { port, enter } = await start();
    const { socket } = await enter('ana');
    for (const target of ['//', '//:99999', 'http://[']) {
      const stranger = connect(port, '127.0.0.1');
      stranger.write(
        `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      const [answer] = (await once(stranger, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
      stranger.destroy();
    }
    socket.send({ type: 'ping', t: 1 });
    await socket.next('pong');
  });
});
