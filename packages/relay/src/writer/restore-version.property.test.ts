import fc from 'fast-check';
import { expect, it } from 'vitest';
import { captureVersion } from './restore-version.ts';
import { openRestorable } from './testing/restorable-list.ts';

/** What the list shows, without when couples were added. */
function shown(index: { ids(): Iterable<string>; get(id: string): { values: object } | undefined }) {
  const couples = [...index.ids()].sort().map((id) => {
    const values = Object.entries(index.get(id)?.values ?? {});
    return [id, values.filter(([field, value]) => field !== 'createdAt' && value !== null).sort()];
  });
  return couples;
}

it('RELAY-9 after any edits, the list shows what the version showed, and once more what it showed before', () => {
  const id = fc.constantFrom('r1', 'r2', 'r3', 'r4');
  const step = fc.oneof(
    fc.record({
      do: fc.constant('set' as const),
      id,
      field: fc.constantFrom('venue', 'email'),
      value: fc.constantFrom('a', 'b', null),
    }),
    fc.record({ do: fc.constantFrom('create' as const, 'delete' as const, 'restore' as const), id }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.nat(25), (steps, cut) => {
      const list = openRestorable();
      const run = (part: typeof steps) => {
        for (const one of part) {
          const state = list.index.get(one.id)?.state;
          if (one.do === 'create' && state === undefined)
            list.writer.create({ firstName: one.id }, { id: one.id });
          if (one.do === 'set' && state === 'alive') list.writer.set(one.id, { [one.field]: one.value });
          if (one.do === 'delete' && state === 'alive') list.writer.delete([one.id]);
          if (one.do === 'restore' && state === 'trashed') list.writer.restore([one.id]);
        }
        list.sync();
      };
      run(steps.slice(0, cut));
      const [then, thenShown] = [captureVersion(list.mirror), shown(list.index)];
      run(steps.slice(cut));
      const [now, nowShown] = [captureVersion(list.mirror), shown(list.index)];
      list.restore(then.content);
      expect(shown(list.index)).toEqual(thenShown);
      list.sync();
      list.restore(now.content);
      expect(shown(list.index)).toEqual(nowShown);
    }),
  );
});
