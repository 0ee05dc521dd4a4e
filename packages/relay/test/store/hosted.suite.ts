// `npm run test:hosted`: the contracts of the stores and the row-level security matrix against a hosted project. No part of
// any other run: it needs a project and its keys (see vitest.config.ts).
import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase } from '../../src/supabase/client.ts';
import { describeRowSecurity } from '../helpers/rls-matrix.ts';
import { describeDocumentStore } from '../helpers/store-contract.ts';
import { describeVersionStore } from '../helpers/version-contract.ts';

async function connect() {
  // No secret is stored here: any key does.
  const env = { RELAY_ENCRYPTION_KEY: randomBytes(32).toString('base64'), ...process.env };
  return await createSupabase(readConfig(env), { onProgress: () => undefined, onCrash: () => undefined });
}

describe('document store on a hosted project', () => describeDocumentStore(connect, false));
describe('version store on a hosted project', () => describeVersionStore(connect));
describe('row-level security on a hosted project', () => describeRowSecurity(connect));
