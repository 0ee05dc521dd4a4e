// The contract of the document store on a real Postgres 15, reached over HTTP as a hosted project is.
import { afterAll, describe } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase } from '../../src/supabase/client.ts';
import { describeDocumentStore } from '../helpers/store-contract.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from '../helpers/supabase-on-postgres.ts';

let server: SupabaseOnPostgres | undefined;

afterAll(() => server?.close());

describe('document store on Postgres 15', () => {
  describeDocumentStore(async () => {
    server = await startSupabaseOnPostgres();
    const events = { onProgress: () => undefined, onCrash: () => undefined };
    return await createSupabase(readConfig(server.env), events);
  }, false);
});
