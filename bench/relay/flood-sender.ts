// Child process of flood.ts: posts events with a wrong signature, so many a second, until it is killed: every other one
// to an address that somebody made up.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';

const [sourceUrl = '', perSecond = '0'] = process.argv.slice(2);
const EVERY_MS = 10;
const body = JSON.stringify({
  type: 'client.updated',
  data: { clientId: 'nobody', notes: 'x'.repeat(4_000) },
});
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const headers = {
  'content-type': 'application/json',
  'webhook-id': 'msg_flood',
  'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
};
let answered = 0;
let due = 0;
let isMadeUp = false;

function post(): void {
  isMadeUp = !isMadeUp;
  const url = isMadeUp ? new URL(`src_${randomBytes(16).toString('base64url')}`, sourceUrl).href : sourceUrl;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const outgoing = request(
    url,
    { method: 'POST', agent, headers: { ...headers, 'webhook-timestamp': timestamp } },
    (response) => {
      response.resume();
      answered += 1;
    },
  );
  // A refused connection is a way to be turned away, too.
  outgoing.on('error', () => undefined);
  outgoing.end(body);
}

setInterval(() => {
  due += (Number(perSecond) * EVERY_MS) / 1_000;
  for (; due >= 1; due -= 1) post();
}, EVERY_MS);
setInterval(() => process.send?.({ answered }), 100);
