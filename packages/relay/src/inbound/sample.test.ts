import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { adaptStandard } from './adapters/standard.ts';
import { createSample, SAMPLE_EVENTS } from './sample.ts';

describe('sample', () => {
  it.each(SAMPLE_EVENTS)(
    '%s is signed as the official library expects, and read without a problem',
    (event) => {
      const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
      const now = Date.now();
      const sample = createSample({ url: 'http://x/webhooks/src_a', secret }, event, now);
      const words = [...sample.command.matchAll(/'([^']*)'/g)].map(([, word = '']) => word);
      const headers = Object.fromEntries(words.slice(1, -1).map((line) => line.split(': ')));
      const body = words.at(-1) ?? '';
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: event });
      const adapted = adaptStandard({ body: Buffer.from(body), sourceId: 'src_a', receivedAtMs: now });
      expect(adapted).toMatchObject({ ok: true, event, problems: [] });
      expect(sample.expiresAt).toBeGreaterThan(now);
    },
  );
});
