// `npm run -s lists -- --json` prints all lists; `-- create --name N --owner EMAIL --json` makes one.
import { parseArgs } from 'node:util';
import type { AdminList } from '../api/admin-routes.ts';
import { CommandError, findRelay, runCommand } from './admin-client.ts';

const USAGE =
  'Use: npm run -s lists -- [--json]   or   npm run -s lists -- create --name NAME --owner EMAIL [--json]';

/** Columns under each other, for people. */
function toTable(lists: readonly AdminList[]): string {
  if (lists.length === 0) return 'There are no lists yet.';
  const widest = Math.max(...lists.map(({ name }) => name.length));
  return lists
    .map(({ id, name, owner, records }) => `${id}  ${name.padEnd(widest)}  ${owner}  ${records} couples`)
    .join('\n');
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, name: { type: 'string' }, owner: { type: 'string' } },
    allowPositionals: true,
    strict: true,
  });
  const [action = 'list', ...rest] = positionals;
  if (rest.length > 0) throw new CommandError(USAGE);
  if (action === 'list') {
    const lists = (await findRelay().call('GET', 'lists')) as AdminList[];
    return values.json === true ? JSON.stringify(lists) : toTable(lists);
  }
  const { name, owner } = values;
  if (action !== 'create' || name === undefined || owner === undefined) throw new CommandError(USAGE);
  const list = (await findRelay().call('POST', 'lists', { name, owner })) as AdminList;
  return values.json === true ? JSON.stringify(list) : `Made ${list.id} “${list.name}” for ${list.owner}`;
});
