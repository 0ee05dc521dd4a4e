// `npm run -s sources -- create --list ID --provider standard --json` and what else there is to do with a source.
import { parseArgs } from 'node:util';
import type { Delivery, Source } from '@wedsync/shared';
import { type AdminClient, CommandError, findRelay, runCommand } from './admin-client.ts';

const USAGE = `Use:
  npm run -s sources -- create --list ID --provider standard [--name NAME] [--settle-hours N] [--body-signature] [--json]
  npm run -s sources -- list [--list ID] [--json]
  npm run -s sources -- rotate|pause|resume|delete --id ID [--json]
  npm run -s sources -- deliveries --id ID [--json]
  npm run -s sources -- replay --delivery ID [--json]`;

const OPTIONS = {
  json: { type: 'boolean' },
  list: { type: 'string' },
  provider: { type: 'string' },
  name: { type: 'string' },
  id: { type: 'string' },
  delivery: { type: 'string' },
  'settle-hours': { type: 'string' },
  'body-signature': { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
type WithSecret = { readonly id: string; readonly url: string; readonly secret: string };

/** What a command says: JSON for programs, a line or a table for people. */
type Answer = { readonly json: unknown; readonly text: string };

const STATES = { pause: 'paused', resume: 'active', delete: 'deleted' } as const;

function need(values: Values, name: 'list' | 'id' | 'delivery'): string {
  const value = values[name];
  if (value === undefined) throw new CommandError(USAGE);
  return value;
}

function withSecret({ id, url, secret }: WithSecret): Answer {
  const text = `Address: ${url}\nSecret:  ${secret}\nThe secret is shown only this once.`;
  return { json: { id, url, secret }, text };
}

async function create(relay: AdminClient, values: Values): Promise<Answer> {
  const hours = values['settle-hours'];
  const body = {
    list: need(values, 'list'),
    provider: values.provider ?? 'standard',
    name: values.name ?? 'Webhook',
    ...(hours === undefined ? {} : { settleHours: Number(hours) }),
    ...(values['body-signature'] === true ? { bodySignature: true } : {}),
  };
  return withSecret((await relay.call('POST', 'sources', body)) as WithSecret);
}

async function list(relay: AdminClient, values: Values): Promise<Answer> {
  const query = values.list === undefined ? '' : `?list=${encodeURIComponent(values.list)}`;
  const sources = (await relay.call('GET', `sources${query}`)) as (Source & { listId: string })[];
  const lines = sources.map(({ id, name, state, listId }) => `${id}  ${state.padEnd(6)}  ${listId}  ${name}`);
  return { json: sources, text: lines.length === 0 ? 'There are no sources yet.' : lines.join('\n') };
}

async function deliveries(relay: AdminClient, values: Values): Promise<Answer> {
  const path = `sources/${encodeURIComponent(need(values, 'id'))}/deliveries`;
  const { deliveries: rows } = (await relay.call('GET', path)) as { deliveries: Delivery[] };
  const lines = rows.map(({ id, receivedAt, event, state, reason, fields }) =>
    [id, new Date(receivedAt).toISOString(), state, event, reason ?? fields.join(', ')].join('  '),
  );
  return { json: rows, text: lines.length === 0 ? 'Nothing has arrived yet.' : lines.join('\n') };
}

async function run(action: string, values: Values): Promise<Answer> {
  const relay = findRelay();
  const path = (end: string) => `sources/${encodeURIComponent(need(values, 'id'))}/${end}`;
  switch (action) {
    case 'create':
      return create(relay, values);
    case 'list':
      return list(relay, values);
    case 'deliveries':
      return deliveries(relay, values);
    case 'rotate':
      return withSecret((await relay.call('POST', path('rotate'))) as WithSecret);
    case 'pause':
    case 'resume':
    case 'delete': {
      const json = await relay.call('POST', path('state'), { state: STATES[action] });
      return { json, text: `${need(values, 'id')} is ${STATES[action]}.` };
    }
    case 'replay': {
      const id = need(values, 'delivery');
      const json = await relay.call('POST', `deliveries/${encodeURIComponent(id)}/replay`);
      return { json, text: `Delivery ${id} is tried again.` };
    }
    default:
      throw new CommandError(USAGE);
  }
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true, strict: true });
  const [action, ...rest] = positionals;
  if (action === undefined || rest.length > 0) throw new CommandError(USAGE);
  const { json, text } = await run(action, values);
  return values.json === true ? JSON.stringify(json) : text;
});
