import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { probeHttp, probeRedis, readFreeBytes } from './probes.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers each command with the next of these; ends the connection when there is none. */
async function startRedisThatSays(...answers: readonly string[]): Promise<{ host: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    const left = [...answers];
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const command of String(chunk).split(/(?=\*)/)) {
        heard.push(command);
        const answer = left.shift();
        if (answer === undefined) socket.end();
        else socket.write(answer);
      }
    });
  });
  return { host: `127.0.0.1:${await portOf(server)}`, heard };
}

const inTime = () => AbortSignal.timeout(5_000);

describe('HEALTH-1 Redis', () => {
  it('answers a ping, after the sign-in that its address names', async () => {
    const open = await startRedisThatSays('+PONG\r\n');
    await probeRedis(`redis://${open.host}`, inTime());
    expect(open.heard).toEqual(['*1\r\n$4\r\nPING\r\n']);
    const closed = await startRedisThatSays('+OK\r\n', '+PONG\r\n');
    await probeRedis(`redis://wed:p%40ss@${closed.host}`, inTime());
    expect(closed.heard[0]).toBe('*3\r\n$4\r\nAUTH\r\n$3\r\nwed\r\n$4\r\np@ss\r\n');
  });

  it('counts as away when it refuses, hangs up, does not answer in time, or is not there', async () => {
    const refusing = await startRedisThatSays('-NOAUTH Authentication required.\r\n');
    await expect(probeRedis(`redis://${refusing.host}`, inTime())).rejects.toThrow('NOAUTH');
    const short = await startRedisThatSays();
    await expect(probeRedis(`redis://${short.host}`, inTime())).rejects.toThrow('closed');
    const silent = await startRedisThatSays('+');
    await expect(probeRedis(`redis://${silent.host}`, AbortSignal.timeout(100))).rejects.toThrow('in time');
    await expect(probeRedis('redis://127.0.0.1:9', inTime())).rejects.toThrow();
    // Plain text where TLS is asked for.
    await expect(probeRedis(`rediss://${silent.host}`, AbortSignal.timeout(200))).rejects.toThrow();
  });
});

it('HEALTH-1 a service works when it answers anything but an error of its own', async () => {
  let status = 404;
  const port = await portOf(createHttpServer((_request, response) => response.writeHead(status).end()));
  await probeHttp(`http://127.0.0.1:${port}`, inTime());
  status = 503;
  await expect(probeHttp(`http://127.0.0.1:${port}`, inTime())).rejects.toThrow('503');
});

describe('HEALTH-1 room on the disk', () => {
  it('is read, and unknown where it cannot be', async () => {
    expect(await readFreeBytes(tmpdir())).toBeGreaterThan(0);
    expect(await readFreeBytes('/no such folder')).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('is unknown on a file system without a size', async () => {
    expect(await readFreeBytes('/proc')).toBeUndefined();
  });
});
