import { afterAll, describe, expect, it } from 'vitest';
import { createExpressionRunner } from './expression.ts';

const runner = createExpressionRunner({ maxMs: 500 });
afterAll(() => runner.close());

describe('HOOK-4 expressions of a source', () => {
  it('make changes of a payload', async () => {
    const payload = { people: [{ n: 'Zoë' }, { n: 'Tom' }], on: '2027-06-12' };
    expect(await runner.run('{"names": people.n, "weddingDate": on}', payload)).toEqual({
      ok: true,
      changes: { names: ['Zoë', 'Tom'], weddingDate: '2027-06-12' },
    });
  });

  it('are ended when they run on, and the next one runs', async () => {
    expect(await runner.run('($f := function($n){ $f($n + 1) }; $f(0))', {})).toMatchObject({ ok: false });
    expect(await runner.run('$reduce([1..9999999], function($a, $b){ $a & "x" })', {})).toMatchObject({
      ok: false,
    });
    expect(await runner.run('{"status": "booked"}', {})).toEqual({ ok: true, changes: { status: 'booked' } });
  });

  it('that are no expression, answer no object or too much are refused', async () => {
    expect(await runner.run('{{', {})).toMatchObject({ ok: false });
    expect(await runner.run('5', {})).toEqual({ ok: false, message: 'not an object' });
    expect(await runner.run('{"notes": $pad("", 99999, "x")}', {})).toEqual({
      ok: false,
      message: 'too much',
    });
    expect(await runner.run('nothing.here', {})).toEqual({ ok: true, changes: {} });
  });

  it('reach nothing of the program', async () => {
    for (const text of [
      '$constructor',
      'constructor.constructor("return process")()',
      '__proto__.x',
      '$eval("process")',
    ])
      expect(JSON.stringify(await runner.run(`{"venue": ${text}}`, { a: 1 }))).not.toMatch(
        /native|pid|\[object/,
      );
  });
});
