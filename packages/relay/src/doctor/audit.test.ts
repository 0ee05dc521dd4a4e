import { describe, expect, it } from 'vitest';
import { checkAudit } from './audit.ts';

describe('HEALTH-1 doctor, the audit log', () => {
  it('is whole, has been changed, or cannot be read', async () => {
    expect(await checkAudit(async () => ({ ok: true, links: 3 }))).toMatchObject({ state: 'ok' });
    expect(await checkAudit(async () => ({ ok: false, links: 3 }))).toMatchObject({ state: 'warning' });
    expect(await checkAudit(() => Promise.reject(new Error('away')))).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('away'),
    });
  });
});
