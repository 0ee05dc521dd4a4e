// The relay's side of the embedded Supabase: keeps its thread running, and is to supabase-js what `fetch` is elsewhere.
import { join } from 'node:path';
import { AppError, createBackoff, sleep } from '@wedsync/shared';
import { type EmbeddedSecrets, prepareDataDir, readSecrets } from './data-dir.ts';
import { lockDataDir } from './data-lock.ts';
import { startThread, type Thread } from './thread.ts';

export type EmbeddedSupabase = {
  /**
   * Any address; only the path counts. Rejects with `storage-unavailable` while the thread is gone, also when it goes
   * before it has answered: then nobody knows whether the call was carried out.
   */
  fetch(request: Request): Promise<Response>;
  readonly secrets: EmbeddedSecrets;
  close(): Promise<void>;
};

export type EmbeddedOptions = {
  dataDir: string;
  supabaseDir?: string;
  onProgress: (line: string) => void;
  /** The thread ended by itself, or could not be started again. It is opened anew until it opens. */
  onCrash: (error: Error) => void;
};

const defaultSupabaseDir = join(import.meta.dirname, '../../../../../supabase');
/** A full disk is emptied by a person: no hurry; the first attempts heal what heals by itself. */
const REOPEN = { minMs: 500, maxMs: 15_000, random: Math.random };

/** Why it could not be opened, with the first thing to try. */
function toOpenError(dataDir: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('bad-config', {
    message:
      `The database in ${dataDir} could not be opened: ${reason}. Nothing in it was changed. ` +
      'Make sure that the disk has 100 MB free and that the folder belongs to you. If that does not help, put a copy of the folder in its place, or set DATA_DIR to another one.',
    cause: error,
  });
}

/** Opens the data folder and boots the database in its thread. Owner closes it. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedSupabase> {
  const { dataDir, onProgress, onCrash, supabaseDir = defaultSupabaseDir } = options;
  prepareDataDir(dataDir);
  const unlock = lockDataDir(dataDir);
  const closing = new AbortController();
  let thread: Thread | undefined;
  let reopening: Promise<void> = Promise.resolve();

  async function open(secrets: EmbeddedSecrets): Promise<Thread> {
    const onEnd = (error: Error) => {
      thread = undefined;
      onCrash(error);
      reopening = reopen(secrets);
    };
    return await startThread({ dataDir, supabaseDir, secrets, onProgress, onCrash: onEnd });
  }

  async function reopen(secrets: EmbeddedSecrets): Promise<void> {
    const backoff = createBackoff(REOPEN);
    while (!closing.signal.aborted) {
      await sleep(backoff.next(REOPEN.minMs), closing.signal);
      if (closing.signal.aborted) return;
      try {
        thread = await open(secrets);
        return;
      } catch (error) {
        onCrash(toOpenError(dataDir, error));
      }
    }
  }

  try {
    const secrets = readSecrets(dataDir);
    thread = await open(secrets).catch((error: unknown) => {
      throw toOpenError(dataDir, error);
    });
    return {
      secrets,
      async fetch(request) {
        if (thread === undefined)
          throw new AppError('storage-unavailable', { message: 'the embedded database is not open' });
        return await thread.fetch(request);
      },
      async close() {
        closing.abort();
        await reopening;
        await thread?.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
