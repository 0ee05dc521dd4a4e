import { describe, expect, it } from 'vitest';
import { reasonSentence, toReason } from './reasons.ts';

describe('reasons', () => {
  it('are sentences for people, with the keys they are about', () => {
    expect(reasonSentence('older')).toBe('A newer message from this source came first.');
    expect(reasonSentence(toReason('left-out', ['weddingDate (invalid-date)', 'x (unknown-field)']))).toBe(
      'Some values could not be read and were left out: weddingDate (not a date), x (we have no such field).',
    );
  });

  it('show nothing of what they do not know, and hold nothing that the database cannot store', () => {
    expect(reasonSentence('toString: secret')).not.toContain('secret');
    expect(toReason('left-out', ['a\0b', '\ud800'])).toBe('left-out: ab, \ufffd');
  });
});
