// The contract of the document store on the embedded default, booted in its thread as the relay boots it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase, type Supabase } from '../../src/supabase/client.ts';
import { describeDocumentStore } from '../helpers/store-contract.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-store-'));
let supabase: Supabase | undefined;

afterAll(async () => {
  await supabase?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('document store on the embedded default', () => {
  describeDocumentStore(async () => {
    const events = { onProgress: () => undefined, onCrash: () => undefined };
    supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), events);
    return supabase;
  }, true);
});
