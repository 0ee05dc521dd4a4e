// Links new rows of the audit log every few seconds. While the database is away rows wait for their links.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Logger } from 'pino';
import * as z from 'zod';
import { repeat } from '../repeat.ts';
import { type HeadMemory, type SealOptions, sealBatch } from './chain.ts';

export interface AuditKeeper {
  /** Links a last batch, if the database lets it; the rest waits for the next start. */
  close(): Promise<void>;
}

export interface AuditKeeperOptions extends SealOptions {
  readonly log: Logger;
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

const EVERY_MS = 5_000;
const headSchema = z.object({ n: z.number(), mac: z.string() });

export function startAuditKeeper(options: AuditKeeperOptions): AuditKeeper {
  const { log, schedule } = options;

  async function seal(isClosed = () => false): Promise<void> {
    try {
      while ((await sealBatch(options)) && !isClosed());
    } catch (error) {
      log.debug({ error }, 'the audit log could not be linked yet');
    }
  }

  const sealing = repeat({ firstMs: EVERY_MS, everyMs: EVERY_MS, schedule, work: seal });
  return {
    async close() {
      await sealing.close();
      await seal(() => true);
    },
  };
}

/** The last link in a file of its own: who cuts the end off in the database does not reach it. */
export function createHeadMemory(path: string): HeadMemory {
  return {
    read() {
      // Before the first link there is none.
      if (!existsSync(path)) return undefined;
      return headSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    },
    write({ n, mac }) {
      writeFileSync(`${path}.new`, JSON.stringify({ n, mac }), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    },
  };
}
