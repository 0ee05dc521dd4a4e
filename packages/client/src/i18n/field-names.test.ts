import { expect, test } from 'vitest';
import { namesOfTouched } from './field-names.ts';

test('fields are told by their names, and links to other systems not at all', () => {
  expect(namesOfTouched(['weddingDate', 'ext:src_1', 'createdAt', 'x:Second shooter', 'tag:church'])).toEqual(
    ['Wedding date', 'Second shooter', 'church'],
  );
});
