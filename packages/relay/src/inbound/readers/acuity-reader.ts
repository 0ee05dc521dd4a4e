// Reads one appointment of Acuity (https://developers.acuityscheduling.com/reference/get-appointments-id, 2026-11).
import { hashOf, textOf } from '../adapters/json.ts';
import { ProviderProblem, type Reader } from './reader.ts';

export const acuityReader: Reader = {
  everyMs: 24 * 3_600_000,
  async read(context, id) {
    const { userId, apiKey } = context.credentials;
    const basic = Buffer.from(`${textOf(userId)}:${textOf(apiKey)}`).toString('base64');
    const number = id.replace(/^appointment:/, '');
    try {
      const object = await context.ask(
        `https://acuityscheduling.com/api/v1/appointments/${encodeURIComponent(number)}`,
        { headers: { authorization: `Basic ${basic}` } },
      );
      // It does not say when it changed: another content is another event.
      return [{ eventId: `read ${number} ${hashOf(object)}`, kind: 'appointment', item: { object } }];
    } catch (error) {
      if (error instanceof ProviderProblem && error.code === 'gone-there') return [];
      throw error;
    }
  },
};
