import { describe, expect, it } from 'vitest';
import { redactBody } from './redact.ts';

const redact = (text: string) => redactBody(Buffer.from(text));

describe('SEC-1 a received body for a person’s eyes', () => {
  it('hides what looks like a key, wherever it stands, and nothing else', () => {
    const body = {
      name: 'Ana',
      Api_Key: 'k1',
      tokenised: 'stays',
      key: 7,
      secret: null,
      items: [{ accessToken: 'k2', ip: '1.2.3.4', recipient: 'Ben' }, 'key'],
      authorization: { value: 'inside', password: 'k3' },
    };
    expect(JSON.parse(redact(JSON.stringify(body)))).toEqual({
      name: 'Ana',
      Api_Key: '…',
      tokenised: 'stays',
      key: '…',
      secret: null,
      items: [{ accessToken: '…', ip: '…', recipient: 'Ben' }, 'key'],
      authorization: { value: 'inside', password: '…' },
    });
  });

  it('does not look deeper than anybody writes', () => {
    const deep = `${'{"a":'.repeat(45)}"k1"${'}'.repeat(45)}`;
    expect(redact(deep)).not.toContain('k1');
  });

  it('hides the same in forms, and leaves other text as it is', () => {
    expect(redact('name=Ana&api_key=k1&x=1&HandshakeKey=k2')).toBe('name=Ana&api_key=…&x=1&HandshakeKey=…');
    expect(redact('password=k1')).toBe('password=…');
    expect(redact('just words')).toBe('just words');
  });
});
