import { describe, expect, it } from 'vitest';
import { createQuarantine, MAX_QUARANTINED_BYTES, MAX_WAITING_BYTES } from './quarantine.ts';
import type { Quarantined } from './services.ts';

const refused = (detail: string, bytes = 10): Quarantined => ({
  documentId: 'doc',
  sender: 'ana',
  code: 'bad-update',
  detail,
  data: new Uint8Array(bytes).fill(7),
});

/** A store that can be away, and time that goes by when told. */
function world() {
  const kept: Quarantined[] = [];
  const problems: string[] = [];
  const timers: (() => void)[] = [];
  let isAway = false;
  let atOnce = 0;
  let most = 0;
  const quarantine = createQuarantine({
    async store(row) {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await Promise.resolve();
      atOnce -= 1;
      if (isAway) throw new Error('away');
      kept.push(row);
    },
    schedule(_ms, callback) {
      timers.push(callback);
      return () => timers.splice(timers.indexOf(callback), 1);
    },
    random: () => 0.5,
    onProblem: (error) => problems.push(error instanceof Error ? error.message : String(error)),
  });
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return {
    quarantine,
    problems,
    settle,
    timers,
    details: () => kept.map(({ detail }) => detail),
    kept,
    mostAtOnce: () => most,
    setAway: (is: boolean) => {
      isAway = is;
    },
    async pass() {
      for (const callback of timers.splice(0)) callback();
      await settle();
    },
  };
}

describe('RELAY-5 what was refused', () => {
  it('is kept once, in order, one at a time, after the database was away', async () => {
    const { quarantine, setAway, settle, pass, details, problems, mostAtOnce } = world();
    setAway(true);
    for (const detail of ['a', 'b', 'c']) quarantine.put(refused(detail));
    await settle();
    await pass();
    expect(details()).toEqual([]);
    expect(problems).toEqual(['away', 'away']);
    setAway(false);
    await pass();
    expect(details()).toEqual(['a', 'b', 'c']);
    quarantine.put(refused('d'));
    await settle();
    expect(details()).toEqual(['a', 'b', 'c', 'd']);
    expect(mostAtOnce()).toBe(1);
  });

  it('is kept by its beginning, in bytes of its own', async () => {
    const { quarantine, settle, kept } = world();
    const row = refused('long', MAX_QUARANTINED_BYTES + 1);
    quarantine.put(row);
    row.data.fill(0);
    await settle();
    expect(kept[0]?.data).toEqual(new Uint8Array(MAX_QUARANTINED_BYTES).fill(7));
  });

  it('RELAY-6 takes so much memory and no more while the database is away, and says what found no place', async () => {
    const { quarantine, setAway, settle, pass, details, problems } = world();
    setAway(true);
    const each = 64 * 1024 - 512;
    const fitting = MAX_WAITING_BYTES / (64 * 1024);
    for (let index = 0; index < fitting; index += 1) quarantine.put(refused(`${index}`, each));
    await settle();
    expect(problems).toEqual(['away']);
    quarantine.put(refused('beyond', each));
    expect(problems.at(-1)).toContain('too many');
    setAway(false);
    await pass();
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(details()).toHaveLength(fitting);
    quarantine.put(refused('later', each));
    await settle();
    expect(details().at(-1)).toBe('later');
  });

  it('RELAY-4 leaves no timer behind when it is closed', async () => {
    const { quarantine, setAway, settle, timers, pass, details } = world();
    setAway(true);
    quarantine.put(refused('a'));
    await settle();
    quarantine.close();
    expect(timers).toEqual([]);
    setAway(false);
    quarantine.put(refused('b'));
    await pass();
    expect(details()).toEqual([]);
  });
});
