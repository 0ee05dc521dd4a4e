// Calls of the SQL functions through supabase-js: text in, JSON out, failures as AppError.
import type { SupabaseClient } from '@supabase/supabase-js';
import { AppError } from '@wedsync/shared';

export type RpcArguments = Readonly<Record<string, string | readonly string[]>>;

/** Calls one function; resolves with its text. */
export type Rpc = (name: `ws_${string}`, args: RpcArguments) => Promise<string>;

/**
 * Classes of SQLSTATE that say that what was given is wrong (data, integrity): no retry will change it. Everything else,
 * a missing right or a missing function included, is the fault of the set-up and may be put right.
 */
const permanentState = /^(?:22|23)/;
const TOO_LARGE_STATUS = 413;

function toError(name: string, error: { code?: string; message: string }, status: number): AppError {
  const code = error.code ?? '';
  const message = `${name} failed: ${[code, status].filter(Boolean).join(' ')}`;
  if (status === TOO_LARGE_STATUS) return new AppError('too-large', { message });
  // What these say names the value that was wrong: not for the log.
  if (permanentState.test(code)) return new AppError('internal', { message, retryable: false });
  return new AppError('storage-unavailable', { message, cause: new Error(error.message) });
}

/**
 * Rejects with `storage-unavailable` (retryable) when the database did not decide, with `internal` or `too-large`
 * (not retryable) when it will never take what was given. Messages never hold the arguments.
 */
export function createRpc(supabase: SupabaseClient): Rpc {
  return async (name, args) => {
    const { data, error, status } = await supabase.rpc(name, args).then(
      (result) => result,
      (cause: unknown) => {
        throw new AppError('storage-unavailable', { message: `${name} was not answered`, cause });
      },
    );
    if (error !== null) throw toError(name, error, status);
    return String(data ?? '');
  };
}

/**
 * Calls a function that answers JSON. The shape is this project's own migrations': not checked again. A text that was
 * cut off on the way counts as no answer.
 */
export async function callJson<T>(rpc: Rpc, name: `ws_${string}`, args: RpcArguments): Promise<T> {
  const text = await rpc(name, args);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new AppError('storage-unavailable', { message: `${name} gave an answer that is not whole` });
  }
}
