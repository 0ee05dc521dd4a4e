// Child process of the tests of the embedded default: opens it in a process of its own, to be killed or watched.
// usage: node embedded-child.ts <data dir> hold | append | errors
import { randomBytes } from 'node:crypto';
import { AppError, sleep } from '@wedsync/shared';
import { readConfig } from '../../src/config.ts';
import { createDocumentStore } from '../../src/store/document-store.ts';
import { createRpc } from '../../src/store/rpc.ts';
import { createSupabase } from '../../src/supabase/client.ts';

const [, , dataDir = '', task = ''] = process.argv;
const say = (line: string) => process.stdout.write(`${line}\n`);

const supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), {
  onProgress: say,
  onCrash: (error) => say(`crash ${error.message}`),
}).catch((error: Error & { code?: string }) => {
  say(`refused ${error.code}: ${error.message}`);
  return process.exit(1);
});
say('open');

const rpc = createRpc(supabase.client);
const store = createDocumentStore(rpc);

/** Endless: the test kills the process. One line per row: acknowledged, or not. */
async function append(): Promise<void> {
  await store.open('kill', { kind: 'free' });
  for (let n = 0; ; n++) {
    const data = randomBytes(200 + (n % 5) * 4_000);
    try {
      const [result] = await store.append([{ documentId: 'kill', data, sender: 'service' }]);
      say(result?.ok ? `acked ${result.seq}` : 'refused');
    } catch (error) {
      say(`not acked ${error instanceof AppError ? error.code : error}`);
      await sleep(50);
    }
  }
}

/** Calls that the database refuses, with a value that must not be seen anywhere. */
async function errors(): Promise<void> {
  const secret = 'Couple-Miller-0815';
  await supabase?.client.rpc('ws_append', {
    p_docs: [secret],
    p_lineages: [''],
    p_data: ['!'],
    p_crc: [secret],
    p_sender: [''],
    p_device: [''],
  });
  await supabase?.client.from('lists').insert({ id: secret, name: secret });
  await supabase?.client.from('lists').select(secret).eq('id', secret);
  await supabase?.client.rpc('ws_list_create', { p_id: secret });
  const bad = new Request('http://embedded.invalid/auth/v1/signup', {
    method: 'POST',
    headers: { apikey: supabase?.publishableKey ?? '' },
    body: `{"email":"${secret}"`,
  });
  await supabase?.embedded?.fetch(bad);
  await supabase?.close();
  say('done');
}

if (task === 'append') await append();
if (task === 'errors') await errors();
if (task === 'hold') setInterval(() => undefined, 60_000);
