// The thread in which the embedded Supabase computes: PGlite would block the sockets otherwise. Requests come over the
// port; those that devices wait for (appends, inbox) go first.
import { parentPort, workerData } from 'node:worker_threads';
import { type BootOptions, bootEmbedded } from './boot.ts';
import type { FromWorker, PortRequest, ToWorker } from './port.ts';

/** Calls under way at once: enough to overlap password hashing with SQL, few enough that order still means something. */
const maxRunning = 4;
const urgent = /\/rpc\/ws_(?:append|inbox_put|apply)$/;
const patient = /\/rpc\/ws_(?:snapshot_\w+|project|history)$/;

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
const post = (message: FromWorker) => port.postMessage(message);

const lanes: readonly PortRequest[][] = [[], [], []];
let running = 0;

function laneOf(request: PortRequest): PortRequest[] {
  const { pathname } = new URL(request.url);
  const lane = urgent.test(pathname) ? 0 : patient.test(pathname) ? 2 : 1;
  return lanes[lane] ?? [];
}

try {
  const options = workerData as Omit<BootOptions, 'onProgress'>;
  const embedded = await bootEmbedded({ ...options, onProgress: (line) => post({ type: 'progress', line }) });

  const handle = async ({ id, url, method, headers, body }: PortRequest) => {
    try {
      const response = await embedded.handle(
        new Request(url, { method, headers, ...(body === null ? {} : { body }) }),
      );
      const answer = await response.text();
      post({ type: 'response', id, status: response.status, headers: [...response.headers], body: answer });
    } catch (error) {
      post({ type: 'failed', id, message: error instanceof Error ? error.message : 'failed' });
    }
  };
  const pump = () => {
    while (running < maxRunning) {
      const next = lanes.find((lane) => lane.length > 0)?.shift();
      if (next === undefined) return;
      running += 1;
      void handle(next).finally(() => {
        running -= 1;
        pump();
      });
    }
  };
  port.on('message', (message: ToWorker) => {
    if (message.type === 'request') {
      laneOf(message).push(message);
      pump();
      return;
    }
    void embedded.close().finally(() => {
      post({ type: 'closed' });
      port.close();
    });
  });
  post({ type: 'ready' });
} catch (error) {
  post({ type: 'boot-failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
