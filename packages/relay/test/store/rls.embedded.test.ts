// Who may see and change what, on the embedded default: at its second boot, since the library grants rights anew each
// time it starts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase, type Supabase } from '../../src/supabase/client.ts';
import { describeRowSecurity } from '../helpers/rls-matrix.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-rls-'));
const events = { onProgress: () => undefined, onCrash: () => undefined };
let supabase: Supabase | undefined;

afterAll(async () => {
  await supabase?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('row-level security on the embedded default', () => {
  describeRowSecurity(async () => {
    await (await createSupabase(readConfig({ DATA_DIR: dataDir }), events)).close();
    supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), events);
    return supabase;
  });
});
