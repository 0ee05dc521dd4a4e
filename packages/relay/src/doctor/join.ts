// Whether a list can be opened as a device opens it: a token, the socket, and the answer to what the device has.
import { decodeMessage, encodeMessage, offerSubprotocols } from '@wedsync/shared';
import { WebSocket } from 'ws';
import { type Finding, failing, ok, warning } from './finding.ts';

export interface JoinTarget {
  /** Address under which others reach the relay. */
  readonly url: string;
  /** Calls `/api/admin/<path>` of the running relay. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;
  readonly timeoutMs: number;
}

/** Yjs' state vector of a device that has nothing. */
const NOTHING = Uint8Array.of(0);

/** Resolves with undefined when the relay has answered with the list, else with how far it came. */
async function openList(target: JoinTarget, listId: string, token: string): Promise<string | undefined> {
  const address = `${target.url.replace(/^http/, 'ws')}/sync/${listId}`;
  const socket = new WebSocket(address, offerSubprotocols(token), { handshakeTimeout: target.timeoutMs });
  let step = 'the socket was not opened';
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | undefined>((done) => {
      timer = setTimeout(() => done(step), target.timeoutMs);
      socket.on('error', (error) => done(`${step}: ${error.message}`));
      socket.on('close', (code) => done(`${step}: closed with ${code}`));
      socket.on('open', () => {
        step = 'the relay said nothing';
      });
      socket.on('message', (data: Buffer) => {
        const decoded = decodeMessage(data);
        if (!decoded.ok) done(`${step}: an answer that cannot be read`);
        else if (decoded.message.type === 'hello') {
          step = 'the relay did not send the list';
          socket.send(encodeMessage({ type: 'sync-step1', stateVector: NOTHING }));
        } else if (decoded.message.type === 'sync-step2') done(undefined);
      });
    });
  } finally {
    clearTimeout(timer);
    socket.terminate();
  }
}

/** Never rejects. */
export async function checkJoin(target: JoinTarget): Promise<Finding> {
  const check = 'opening a list';
  try {
    const [list] = (await target.call('GET', 'all-lists')) as { id: string }[];
    if (list === undefined) return ok(check, 'There is no list yet; the app makes one at the first sign-in.');
    const token = await target
      .call('POST', 'token', { role: 'service_role' })
      .then((answer) => (answer as { token: string }).token)
      .catch(() => undefined);
    if (token === undefined)
      return warning(
        check,
        'Not tried: this relay does not sign tokens, the project does.',
        'Sign in to the app and open a list; or set SUPABASE_JWT_SECRET where the project signs with it.',
      );
    const problem = await openList(target, list.id, token);
    if (problem === undefined) return ok(check, `A device that asks at ${target.url} gets its list.`);
    return failing(
      check,
      `A device that asks at ${target.url} does not get its list: ${problem}.`,
      'With a proxy in front, let it pass WebSocket upgrades of /sync and check PUBLIC_URL. Else look at /health and the log of the relay.',
    );
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return failing(check, `The running relay does not answer: ${said}`, 'Start it again: npm start.');
  }
}
