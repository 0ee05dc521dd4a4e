import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeLocks } from '../testing/fake-tabs.ts';
import { createLeader, type Leader, type Locks } from './leader.ts';

let tabs: { leader: Leader; isFrozen: boolean }[];
let locks: Locks | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  tabs = [];
  locks = createFakeLocks();
});
afterEach(() => {
  for (const { leader } of tabs) leader.close();
  vi.useRealTimers();
});

function openTab(isVisible = true): { leader: Leader; isFrozen: boolean } {
  const tab: { leader: Leader; isFrozen: boolean } = {
    isFrozen: false,
    leader: createLeader({
      name: 'list',
      locks,
      hasChannel: true,
      isVisible: () => isVisible,
      post: (message) => {
        for (const other of tabs) if (other !== tab && !other.isFrozen) other.leader.onMessage(message);
      },
    }),
  };
  tabs.push(tab);
  return tab;
}
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const leading = (): number[] => tabs.flatMap(({ leader }, at) => (leader.isLeader.value ? [at] : []));

describe('leader election', () => {
  it('LOCAL-3 has exactly one leader among the tabs of a list', async () => {
    for (let n = 0; n < 4; n++) openTab();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(leading()).toEqual([0]);
  });

  it('LOCAL-3 hands over at once when the leading tab closes', async () => {
    const first = openTab();
    openTab();
    openTab();
    await settle();
    first.leader.close();
    await settle();
    expect(leading()).toEqual([1]);
  });

  it('LOCAL-3 replaces a frozen leader within 2 s, which lets go when it wakes', async () => {
    const first = openTab();
    await settle();
    openTab();
    await settle();
    first.isFrozen = true;
    await vi.advanceTimersByTimeAsync(1_900);
    expect(tabs[1]?.leader.isLeader.value).toBe(true);
    first.isFrozen = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(leading()).toEqual([1]);
  });

  it('hidden tabs do not take a list away from a slow leader', async () => {
    const first = openTab();
    await settle();
    openTab(false);
    first.isFrozen = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(leading()).toEqual([0]);
  });

  it('a page that is put to sleep lets go first and stands again when it is back', async () => {
    const first = openTab();
    openTab();
    await settle();
    first.leader.release();
    await settle();
    expect(leading()).toEqual([1]);
    first.leader.stand();
    tabs[1]?.leader.close();
    await settle();
    expect(leading()).toEqual([0]);
  });

  it('LOCAL-3 every tab leads where Web Locks are missing', () => {
    locks = undefined;
    openTab();
    openTab();
    expect(leading()).toEqual([0, 1]);
  });
});
