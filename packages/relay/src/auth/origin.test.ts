import { describe, expect, it } from 'vitest';
import { isAllowedOrigin } from './origin.ts';

describe('SEC-1 origins', () => {
  const policy = { allowed: ['https://app.example'] };
  for (const [origin, host, expected] of [
    [undefined, 'relay.example', true],
    ['https://app.example', 'relay.example', true],
    ['http://localhost:8787', 'localhost:8787', true],
    ['http://localhost:8787', 'LOCALHOST:8787', true],
    ['http://localhost:5173', 'localhost:8787', false],
    ['https://app.example.evil.example', 'relay.example', false],
    ['https://relay.example.evil.example', 'relay.example', false],
    ['null', 'relay.example', false],
    ['', 'relay.example', false],
    ['https://relay.example', undefined, false],
  ] as const) {
    it(`${origin ?? 'no origin'} at ${host ?? 'no host'} is ${expected ? 'let in' : 'refused'}`, () => {
      expect(isAllowedOrigin({ origin, host }, policy)).toBe(expected);
    });
  }
});
