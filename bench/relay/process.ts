// What a server process uses: CPU time from /proc (Linux), memory by its own word after a garbage collection.
import { readdirSync, readFileSync } from 'node:fs';
import { WebSocket } from 'ws';

/** CPU time of a process so far in ms, all its threads; nanoseconds are counted, so short work shows. */
export function cpuMs(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  return nanoseconds / 1e6;
}

export type Memory = {
  /** Objects and buffers of the main thread, in bytes: steady, and what a room or socket adds. */
  readonly heap: number;
  /** What the system counts for the whole process. */
  readonly rss: number;
};

type Answer = { id: number; result?: { result?: { value?: string } } };

/** Asks a process that was started with `--inspect` at `url` what it holds, after collecting garbage. */
export async function memoryOf(url: string): Promise<Memory> {
  const socket = new WebSocket(url);
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  let id = 0;
  const call = (method: string, params: Record<string, unknown> = {}) =>
    new Promise<Answer>((done) => {
      id += 1;
      const own = id;
      const listen = (data: Buffer) => {
        const answer = JSON.parse(data.toString()) as Answer;
        if (answer.id !== own) return;
        socket.off('message', listen);
        done(answer);
      };
      socket.on('message', listen);
      socket.send(JSON.stringify({ id: own, method, params }));
    });
  for (let round = 0; round < 3; round++) await call('HeapProfiler.collectGarbage');
  const { result } = await call('Runtime.evaluate', {
    expression: 'JSON.stringify(process.memoryUsage())',
  });
  socket.close();
  const usage = JSON.parse(result?.result?.value ?? '{}') as NodeJS.MemoryUsage;
  return { heap: usage.heapUsed + usage.arrayBuffers, rss: usage.rss };
}
