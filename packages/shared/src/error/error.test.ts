import { describe, expect, it } from 'vitest';
import { AppError, toAppError, toErrorBody } from './app-error.ts';
import { ERROR_CODES, type ErrorCode, isErrorCode } from './codes.ts';

describe('error registry', () => {
  it('has a status that fits HTTP (or 0 on the device) and a sentence for people in every row', () => {
    for (const [code, { status, retryable, message }] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(status === 0 || (status >= 400 && status < 600), code).toBe(true);
      expect(message, code).toMatch(/^[A-Z].*\.$/);
      if ([429, 502, 503, 504].includes(status)) expect(retryable, code).toBe(true);
      if ([400, 401, 403, 404, 410, 413, 422].includes(status)) expect(retryable, code).toBe(false);
    }
  });

  it('knows its own codes and nothing inherited', () => {
    expect(isErrorCode('internal')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode('__proto__')).toBe(false);
  });
});

describe('SEC-1 AppError', () => {
  it('shows the words of the registry, never its own message or cause', () => {
    const error = new AppError('load-failed', { message: 'row 7 of l_x', cause: new Error('password=1') });
    expect(JSON.stringify(toErrorBody(error))).not.toMatch(/row 7|password/);
    expect(toErrorBody(error).error).toEqual({
      code: 'load-failed',
      message: ERROR_CODES['load-failed'].message,
      retryable: true,
    });
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.status).toBe(503);
  });

  it('wraps what is not an AppError, and passes on what is', () => {
    const own = new AppError('not-found', { retryable: true });
    expect(toAppError(own)).toBe(own);
    expect(own.retryable).toBe(true);
    expect(toAppError('text', 'upstream-failed')).toMatchObject({ code: 'upstream-failed', cause: 'text' });
    expect(toAppError(new TypeError('x'))).toMatchObject({ code: 'internal', status: 500 });
  });

  it('gives device codes a server status when they get there by mistake', () => {
    expect(new AppError('offline' satisfies ErrorCode).status).toBe(500);
  });
});
