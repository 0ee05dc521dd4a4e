import { describe, expect, it } from 'vitest';
import { createLogPosition } from './log-position.ts';

describe('log position', () => {
  it('follows rows in any order and reports holes until they are filled', () => {
    let holes = 0;
    const log = createLogPosition(4, () => {
      holes += 1;
    });
    log.note(5);
    expect([log.head, log.hasHole, holes]).toEqual([5, false, 0]);
    log.note(8);
    log.note(7);
    expect([log.head, log.hasHole, holes]).toEqual([5, true, 2]);
    expect([5, 6, 7, 8, 9].filter((seq) => log.isNews(seq))).toEqual([6, 9]);
    log.note(6);
    expect([log.head, log.hasHole, holes]).toEqual([8, false, 2]);
    log.note(3);
    expect(log.head).toBe(8);
  });
});
