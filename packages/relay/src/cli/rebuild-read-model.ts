// `npm run rebuild-read-model [-- --list ID] [--json]`: builds client_list_cache anew from the documents, of all lists
// or of one, on the running relay.
import { parseArgs } from 'node:util';
import type { AdminList } from '../api/admin-routes.ts';
import { CommandError, findRelay, runCommand } from './admin-client.ts';

const USAGE = 'Use: npm run rebuild-read-model -- [--list ID] [--json]';

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, list: { type: 'string' } },
    allowPositionals: true,
    strict: true,
  });
  if (positionals.length > 0) throw new CommandError(USAGE);
  const relay = findRelay();
  const ids =
    values.list === undefined
      ? ((await relay.call('GET', 'all-lists')) as Pick<AdminList, 'id'>[]).map(({ id }) => id)
      : [values.list];
  const lists: { id: string; records: number }[] = [];
  for (const id of ids) {
    const answer = (await relay.call('POST', `rebuild/${encodeURIComponent(id)}`)) as { records: number };
    lists.push({ id, records: answer.records });
  }
  if (values.json === true) return JSON.stringify(lists);
  const records = lists.reduce((sum, list) => sum + list.records, 0);
  return `The read model of ${lists.length} lists (${records} couples) is built anew.`;
});
