// `npm run -s lists -- --json` prints all lists; `-- create --name N --owner EMAIL --json` makes one;
// `-- rebuild ID` rebuilds a list, or one of its notes documents, from its live entries.
import { parseArgs } from 'node:util';
import type { AdminList } from '../api/admin-routes.ts';
import type { Rebuilt } from '../room/generations.ts';
import { CommandError, findRelay, runCommand } from './admin-client.ts';

const USAGE = `Use: npm run -s lists -- [--json]
     npm run -s lists -- create --name NAME --owner EMAIL [--json]
     npm run -s lists -- rebuild ID [--json]`;

/** Columns under each other, for people. */
function toTable(lists: readonly AdminList[]): string {
  if (lists.length === 0) return 'There are no lists yet.';
  const widest = Math.max(...lists.map(({ name }) => name.length));
  return lists
    .map(({ id, name, owner, records }) => `${id}  ${name.padEnd(widest)}  ${owner}  ${records} couples`)
    .join('\n');
}

function toSentence(id: string, { clients, deleted, bytesBefore, bytesAfter }: Rebuilt): string {
  const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1_024)} kB`;
  return `Rebuilt ${id}: ${clients} writing sessions and ${deleted} deletions are gone, ${kilobytes(bytesBefore)} are ${kilobytes(bytesAfter)} now`;
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, name: { type: 'string' }, owner: { type: 'string' } },
    allowPositionals: true,
    strict: true,
  });
  const [action = 'list', ...rest] = positionals;
  const [id, ...more] = rest;
  if (action === 'rebuild' && id !== undefined && more.length === 0) {
    const path = `generation/${encodeURIComponent(id)}`;
    const rebuilt = (await findRelay().call('POST', path)) as Rebuilt;
    return values.json === true ? JSON.stringify(rebuilt) : toSentence(id, rebuilt);
  }
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
