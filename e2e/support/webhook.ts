// Signed Standard Webhooks events, as another program would send them.
import { createHmac, randomUUID } from 'node:crypto';

export type WebhookSource = { id: string; url: string; secret: string };

export type WebhookEvent = {
  type: string;
  clientId: string;
  changes?: Record<string, unknown>;
  occurredAt?: Date;
  /** The same id is the same event. */
  id?: string;
};

/** Posts one event; resolves with the status. `forge` signs with another secret. */
export async function sendEvent(
  source: WebhookSource,
  event: WebhookEvent,
  options: { forge?: boolean } = {},
): Promise<number> {
  const id = event.id ?? `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({
    type: event.type,
    timestamp: (event.occurredAt ?? new Date()).toISOString(),
    data: { clientId: event.clientId, changes: event.changes ?? {} },
  });
  const secret =
    options.forge === true
      ? Buffer.from('another secret of some length')
      : Buffer.from(source.secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  const response = await fetch(source.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  });
  return response.status;
}
