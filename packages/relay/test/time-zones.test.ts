// Wedding dates are calendar dates: the machine's own zone must not matter.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, 'helpers/print-wedding-dates.ts');
const ZONES = ['UTC', 'America/Los_Angeles', 'Pacific/Auckland', 'Pacific/Kiritimati'];

it.each(ZONES)(
  'HOOK-6 every adapter reads the same day in %s, over clock changes and 29 February',
  async (TZ) => {
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, TZ } });
    const days = JSON.parse(stdout) as Record<string, Record<string, string>>;
    expect(Object.keys(days).length).toBeGreaterThan(7);
    for (const [day, forms] of Object.entries(days))
      expect(forms, day).toEqual(Object.fromEntries(Object.keys(forms).map((form) => [form, day])));
  },
);
