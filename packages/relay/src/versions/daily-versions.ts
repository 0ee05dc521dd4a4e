// Keeps one version a day of every list that changed. Any relay may do it: the database takes only the first.
import type { Logger } from 'pino';
import { type Repeated, repeat } from '../repeat.ts';
import type { DocumentWriter } from '../writer/document-writer.ts';
import type { VersionStore } from './version-store.ts';

export interface DailyVersionsOptions {
  readonly versions: Pick<VersionStore, 'due' | 'put'>;
  readonly writer: Pick<DocumentWriter, 'capture'>;
  readonly log: Logger;
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

/** After the start, so that people come first. */
const FIRST_MS = 60_000;
const EVERY_MS = 15 * 60_000;
const LISTS_AT_ONCE = 50;

export function createDailyVersions({ versions, writer, log, schedule }: DailyVersionsOptions): Repeated {
  async function keep(listId: string): Promise<void> {
    try {
      const captured = await writer.capture(listId);
      await versions.put({ listId, kind: 'daily', name: '', by: '', captured });
    } catch (error) {
      log.warn({ error, listId }, 'the daily version of a list was not kept; it is tried again');
    }
  }

  /** Page after page, each list once: what cannot be read keeps nobody behind it waiting. */
  async function keepAll(isClosed: () => boolean): Promise<void> {
    try {
      let after: string | undefined = '';
      while (after !== undefined && !isClosed()) {
        const due: string[] = await versions.due(LISTS_AT_ONCE, after);
        for (const listId of due) {
          if (isClosed()) return;
          await keep(listId);
        }
        after = due.at(-1);
      }
    } catch (error) {
      log.debug({ error }, 'the database did not say which lists need a version');
    }
  }

  return repeat({ firstMs: FIRST_MS, everyMs: EVERY_MS, schedule, work: keepAll });
}
