import { describe, expect, it } from 'vitest';
import { AppError, toErrorBody } from '../error/app-error.ts';
import { isListId } from './document-id.ts';
import {
  configResponseSchema,
  createListRequestSchema,
  createSourceRequestSchema,
  deliveriesResponseSchema,
  errorBodySchema,
  historyResponseSchema,
  listsResponseSchema,
  sampleResponseSchema,
  sourcesResponseSchema,
  sourceWithSecretSchema,
} from './http.ts';

const source = {
  id: 's1',
  name: 'Studio CRM',
  provider: 'standard',
  state: 'active',
  url: 'http://localhost:8787/webhooks/s1',
  settleHours: 24,
  createdAt: 1,
};

describe('bodies of the HTTP API', () => {
  it('take what the relay answers, and drop what a newer one adds', () => {
    const config = {
      supabaseUrl: 'http://x',
      publishableKey: 'k',
      embedded: true,
      version: '1',
      serverTime: 1,
    };
    expect(configResponseSchema.parse({ ...config, newer: 1 })).toEqual(config);
    const list = { id: 'l1', name: 'My couples', role: 'owner', records: 0 };
    expect(listsResponseSchema.parse({ lists: [{ ...list, newer: 1 }] })).toEqual({ lists: [list] });
    expect(sourcesResponseSchema.parse({ sources: [source] })).toEqual({ sources: [source] });
    expect(sourceWithSecretSchema.parse({ ...source, secret: 'whsec_x' }).secret).toBe('whsec_x');
    const delivery = { id: 'd', receivedAt: 1, event: 'client.created', state: 'applied', fields: ['venue'] };
    expect(deliveriesResponseSchema.parse({ deliveries: [delivery] })).toEqual({ deliveries: [delivery] });
    const entry = { field: 'venue', value: null, at: 1, by: { kind: 'source', id: 's1' } };
    expect(historyResponseSchema.parse({ history: [entry] })).toEqual({ history: [entry] });
    expect(sampleResponseSchema.safeParse({ command: 'curl', event: 'x', expiresAt: 1 }).success).toBe(true);
    expect(errorBodySchema.safeParse(toErrorBody(new AppError('not-found'))).success).toBe(true);
  });

  it.each([
    ['a list without a name', createListRequestSchema, { name: '' }],
    ['a list with a long name', createListRequestSchema, { name: 'x'.repeat(201) }],
    ['a source of an unknown provider', createSourceRequestSchema, { name: 'a', provider: 'nope' }],
    [
      'a source with a negative settle window',
      createSourceRequestSchema,
      { name: 'a', provider: 'standard', settleHours: -1 },
    ],
    [
      'a role that does not exist',
      listsResponseSchema,
      { lists: [{ id: 'l', name: 'n', role: 'boss', records: 0 }] },
    ],
  ])('refuse %s', (_, schema, body) => {
    expect(schema.safeParse(body).success).toBe(false);
  });

  it('knows the form of a list id', () => {
    expect(isListId(`l_${'a'.repeat(22)}`)).toBe(true);
    expect(isListId('l_short')).toBe(false);
  });
});
