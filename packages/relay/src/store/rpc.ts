// Calls of the SQL functions through supabase-js: text in, JSON out, failures as AppError.
import type { SupabaseClient } from '@supabase/supabase-js';
import { AppError } from '@wedsync/shared';

export type RpcArguments = Readonly<Record<string, string | readonly string[]>>;

/** Calls one function; resolves with its text. */
export type Rpc = (name: `ws_${string}`, args: RpcArguments) => Promise<string>;

/** Classes of SQLSTATE that say that the call itself is wrong: no retry will change it (data, integrity, syntax). */
const permanentState = /^(?:22|23|42)/;

/**
 * Rejects with `storage-unavailable` (retryable) when the database did not decide, with `internal` (not retryable)
 * when it refused the call as such. Messages never hold the arguments.
 */
export function createRpc(supabase: SupabaseClient): Rpc {
  return async (name, args) => {
    const { data, error, status } = await supabase.rpc(name, args).then(
      (result) => result,
      (cause: unknown) => {
        throw new AppError('storage-unavailable', { message: `${name} was not answered`, cause });
      },
    );
    if (error !== null) {
      const isPermanent = permanentState.test(error.code ?? '') && status < 502;
      throw new AppError(isPermanent ? 'internal' : 'storage-unavailable', {
        message: `${name} failed: ${error.code ?? status}`,
        retryable: !isPermanent,
        cause: error,
      });
    }
    return String(data ?? '');
  };
}

/** Calls a function that answers JSON. The shape is this project's own migrations': not checked again. */
export async function callJson<T>(rpc: Rpc, name: `ws_${string}`, args: RpcArguments): Promise<T> {
  return JSON.parse(await rpc(name, args)) as T;
}
