// The thread in which the embedded Supabase computes: PGlite would block the sockets otherwise. Requests come over the
// port; those that devices wait for (appends, inbox) go first.
import { parentPort, workerData } from 'node:worker_threads';
import { type BootOptions, bootEmbedded } from './boot.ts';
import { createLanes } from './lanes.ts';
import type { FromWorker, PortRequest, ToWorker } from './port.ts';

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
const post = (message: FromWorker) => port.postMessage(message);
const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Ends the thread, and at once: the engine never comes back from another query. Its owner answers for what was under
 * way, and opens the files anew.
 */
function onFatal(error: unknown): void {
  post({ type: 'fatal', message: describe(error) });
  process.exit(1);
}

const lanes = createLanes();
let isPumping = false;

try {
  const options = workerData as Omit<BootOptions, 'onProgress' | 'onFatal'>;
  const onProgress = (line: string) => post({ type: 'progress', line });
  const embedded = await bootEmbedded({ ...options, onProgress, onFatal });

  const handle = async ({ id, url, method, headers, body }: PortRequest) => {
    try {
      const response = await embedded.handle(
        new Request(url, { method, headers, ...(body === null ? {} : { body }) }),
      );
      const answer = await response.text();
      post({ type: 'response', id, status: response.status, headers: [...response.headers], body: answer });
    } catch (error) {
      post({ type: 'failed', id, message: describe(error) });
    }
  };
  /** In the next turn of the event loop: all messages that wait at the port are then in their lanes. */
  const pump = () => {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      for (let next = lanes.next(); next !== undefined; next = lanes.next()) {
        const { request, done } = next;
        void handle(request).finally(() => {
          done();
          pump();
        });
      }
    });
  };
  port.on('message', (message: ToWorker) => {
    if (message.type === 'request') {
      lanes.push(message);
      pump();
      return;
    }
    void embedded.close().finally(() => port.close());
  });
  post({ type: 'ready' });
} catch (error) {
  post({ type: 'boot-failed', message: describe(error) });
  port.close();
}
