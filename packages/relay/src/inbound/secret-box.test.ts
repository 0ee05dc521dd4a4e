import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecretBox } from './secret-box.ts';

describe('SEC-3 secrets at rest', () => {
  const key = randomBytes(32).toString('base64');

  it('opens what it sealed, for the same row only', () => {
    const box = createSecretBox(key);
    const sealed = box.seal('whsec_geheim', 'src_a');
    expect(sealed).not.toContain('geheim');
    expect(createSecretBox(key).open(sealed, 'src_a')).toBe('whsec_geheim');
    expect(() => box.open(sealed, 'src_b')).toThrow(/does not open/);
  });

  it('never seals the same text the same way twice', () => {
    const box = createSecretBox('a passphrase of some length');
    expect(box.seal('x', 'p')).not.toBe(box.seal('x', 'p'));
  });

  it('opens nothing under another key, and nothing that was changed', () => {
    const sealed = createSecretBox(key).seal('whsec_geheim', 'src_a');
    expect(() => createSecretBox(randomBytes(32).toString('base64')).open(sealed, 'src_a')).toThrow();
    for (const bad of ['', 'v1.', 'v2.AAAA', `${sealed.slice(0, -6)}AAAAA=`])
      expect(() => createSecretBox(key).open(bad, 'src_a'), bad).toThrow(/does not open/);
  });

  it('refuses a key that is no key', () => {
    expect(() => createSecretBox('short')).toThrow(/too short/);
  });
});
