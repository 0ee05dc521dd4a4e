// The one class of thrown errors: bugs, broken infrastructure, refused requests. Callers choose by `code`.
import { ERROR_CODES, type ErrorCode } from './codes.ts';

/** The JSON body of every HTTP error. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean };
}

/** Options: `message` is for logs (never shown, no personal data), `cause` what led here, `retryable` overrides. */
export interface AppErrorOptions {
  readonly message?: string;
  readonly cause?: unknown;
  readonly retryable?: boolean;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, { message, cause, retryable }: AppErrorOptions = {}) {
    super(message ?? code, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = retryable ?? ERROR_CODES[code].retryable;
  }

  /** HTTP status; 500 for codes of the device that reach a server by mistake. */
  get status(): number {
    return ERROR_CODES[this.code].status || 500;
  }
}

/** Anything that was caught, as an AppError; what is not one becomes `internal` with it as the cause. */
export function toAppError(caught: unknown, fallback: ErrorCode = 'internal'): AppError {
  return caught instanceof AppError ? caught : new AppError(fallback, { cause: caught });
}

/** What goes out over HTTP: the registry's words only, never the error's own message or cause. */
export function toErrorBody(error: AppError): ErrorBody {
  const { code, retryable } = error;
  return { error: { code, message: ERROR_CODES[code].message, retryable } };
}
