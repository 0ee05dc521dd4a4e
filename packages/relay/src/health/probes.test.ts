import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readFreeBytes } from './probes.ts';

describe('HEALTH-1 room on the disk', () => {
  it('is read, and unknown where it cannot be', async () => {
    expect(await readFreeBytes(tmpdir())).toBeGreaterThan(0);
    expect(await readFreeBytes('/no such folder')).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('is unknown on a file system without a size', async () => {
    expect(await readFreeBytes('/proc')).toBeUndefined();
  });
});
