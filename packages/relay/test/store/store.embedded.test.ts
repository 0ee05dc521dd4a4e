// The contracts of the stores on the embedded default, booted in its thread as the relay boots it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase, type Supabase } from '../../src/supabase/client.ts';
import { describeDocumentStore } from '../helpers/store-contract.ts';
import { describeVersionStore } from '../helpers/version-contract.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-store-'));
let supabase: Promise<Supabase> | undefined;

/** One for the file: the data folder has room for one. */
async function connect(): Promise<Supabase> {
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  supabase ??= createSupabase(readConfig({ DATA_DIR: dataDir }), events);
  return await supabase;
}

afterAll(async () => {
  await (await supabase)?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('document store on the embedded default', () => describeDocumentStore(connect, true));
describe('version store on the embedded default', () => describeVersionStore(connect));
