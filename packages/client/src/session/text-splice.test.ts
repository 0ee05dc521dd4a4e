import { describe, expect, it } from 'vitest';
import { diffText, moveCaret, placeSplice } from './text-splice.ts';

describe('text splices', () => {
  it('finds the one change between two texts', () => {
    expect(diffText('', '')).toBeUndefined();
    expect(diffText('same', 'same')).toBeUndefined();
    expect(diffText('', 'new')).toEqual({ at: 0, removed: '', inserted: 'new' });
    expect(diffText('First dance', 'First slow dance')).toEqual({ at: 6, removed: '', inserted: 'slow ' });
    expect(diffText('aaa', 'aa')).toEqual({ at: 2, removed: 'a', inserted: '' });
    expect(diffText('one two three', 'one 2 three')).toEqual({ at: 4, removed: 'two', inserted: '2' });
  });

  it('never cuts an emoji in half', () => {
    // Both start with the same high surrogate.
    const splice = diffText('a👰z', 'a👱z');
    expect(splice).toEqual({ at: 1, removed: '👰', inserted: '👱' });
    // Both end with the same low surrogate.
    expect(diffText('\u{1F600}', '\u{1FA00}')).toEqual({
      at: 0,
      removed: '\u{1F600}',
      inserted: '\u{1FA00}',
    });
  });

  it('applies to what it was made from, whatever changed', () => {
    const texts = [
      '',
      'a',
      'ab',
      'ba',
      'aba',
      'the old mill',
      'the mill',
      'old 👰🏽‍♀️ mill',
      'mill 👰🏽‍♀️ old',
    ];
    for (const before of texts)
      for (const after of texts) {
        const splice = diffText(before, after) ?? { at: 0, removed: '', inserted: '' };
        const { at, removed, inserted } = splice;
        expect(before.slice(at, at + removed.length)).toBe(removed);
        expect(before.slice(0, at) + inserted + before.slice(at + removed.length)).toBe(after);
      }
  });

  it('finds its place in a text that others have changed, and removes nothing it did not see', () => {
    const splice = { at: 4, removed: 'two', inserted: '2' };
    expect(placeSplice('one two', splice)).toEqual(splice);
    expect(placeSplice('zero one two', splice)).toEqual({ ...splice, at: 9 });
    expect(placeSplice('two', splice)).toEqual({ ...splice, at: 0 });
    expect(placeSplice('gone', splice)).toEqual({ at: 4, removed: '', inserted: '2' });
    expect(placeSplice('', splice)).toEqual({ at: 0, removed: '', inserted: '2' });
  });

  it('moves a caret with the changes of others', () => {
    expect(moveCaret(5, [{ insert: 'abc' }])).toBe(8);
    expect(moveCaret(5, [{ retain: 5 }, { insert: 'abc' }])).toBe(5);
    expect(moveCaret(5, [{ retain: 8 }, { delete: 2 }])).toBe(5);
    expect(moveCaret(5, [{ retain: 1 }, { delete: 2 }])).toBe(3);
    expect(moveCaret(5, [{ retain: 3 }, { delete: 9 }])).toBe(3);
    expect(moveCaret(5, [{ delete: 2 }, { insert: 'x' }, { retain: 1 }, { insert: 'yz' }])).toBe(6);
  });
});
