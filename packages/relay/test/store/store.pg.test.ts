// The contracts of the stores on a real Postgres 15, reached over HTTP as a hosted project is.
import { afterAll, beforeAll, describe } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase } from '../../src/supabase/client.ts';
import { describeDocumentStore } from '../helpers/store-contract.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from '../helpers/supabase-on-postgres.ts';
import { describeVersionStore } from '../helpers/version-contract.ts';

let server: SupabaseOnPostgres;

beforeAll(async () => {
  server = await startSupabaseOnPostgres();
});
afterAll(() => server?.close());

async function connect() {
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  return await createSupabase(readConfig(server.env), events);
}

describe('document store on Postgres 15', () => describeDocumentStore(connect, false));
describe('version store on Postgres 15', () => describeVersionStore(connect));
