import { AppError } from '@wedsync/shared';
import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('SEC-1: no token, key, password or e-mail address reaches a log line', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
  log.info(
    { password: 'p4ss', headers: { authorization: `Bearer ${jwt}` }, deep: { er: { secret: 's3cret' } } },
    'request',
  );
  const cause = new Error(`mail to anna@example.com failed with ${jwt}`);
  log.error({ err: new AppError('internal', { message: '/sync/x?token=t0ken&a=1', cause }) }, 'failed');
  const all = lines.join('\n');
  for (const secret of ['p4ss', 's3cret', jwt, 'anna@', 't0ken']) expect(all).not.toContain(secret);
  expect(all).toContain('"code":"internal"');
});
