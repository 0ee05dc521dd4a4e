// What can be wrong between a relay and its Supabase project, one check each, in plain words with what to do.
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { type Finding, failing, ok, warning } from './finding.ts';
import { findRefused, REFUSED_LIMIT, type RefusedLately } from './refused.ts';

export interface DoctorTarget {
  readonly url: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly jwtSecret: string | undefined;
  /** Versions of the migration files of this program. */
  readonly migrations: readonly string[];
  /** ms since 1970 */
  readonly now: () => number;
  /** How long any one answer may take. */
  readonly timeoutMs: number;
}

/** What `ws_doctor` tells. */
interface Inside {
  readonly now: number;
  readonly migrations: readonly string[] | null;
  readonly published: readonly string[];
  readonly open: readonly string[];
  readonly identity: string;
}

const CLOCK_OFF_MS = 5_000;
const PUBLISHED = ['client_changes', 'client_list_cache'];

/** Which kind of key a text is; the role of a legacy one stands in it. */
export function kindOfKey(key: string): 'secret' | 'publishable' | 'unknown' {
  if (key.startsWith('sb_secret_')) return 'secret';
  if (key.startsWith('sb_publishable_')) return 'publishable';
  try {
    const { role } = JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      role?: string;
    };
    return role === 'service_role' ? 'secret' : role === 'anon' ? 'publishable' : 'unknown';
  } catch {
    return 'unknown';
  }
}

async function get(target: DoctorTarget, path: string, key: string): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(target.timeoutMs);
  return await fetch(`${target.url}${path}`, { headers: { apikey: key }, signal }).catch(() => undefined);
}

async function checkAddress(target: DoctorTarget): Promise<Finding> {
  const answer = await get(target, '/auth/v1/settings', target.publishableKey);
  if (answer === undefined)
    return failing(
      'address',
      `${target.url} does not answer.`,
      'Check SUPABASE_URL, and that the project is not paused.',
    );
  if (answer.status === 401 || answer.status === 403)
    return failing(
      'publishable key',
      'The project does not take SUPABASE_PUBLISHABLE_KEY.',
      'Copy it again from Project Settings → API Keys: it begins with sb_publishable_ (legacy: the anon key).',
    );
  if (!answer.ok)
    return failing(
      'address',
      `${target.url} answers ${answer.status}.`,
      'Is it the address of a Supabase project?',
    );
  return ok('address', `${target.url} answers and takes the publishable key.`);
}

function checkKinds({ secretKey, publishableKey }: DoctorTarget): Finding {
  if (kindOfKey(publishableKey) === 'secret')
    return failing(
      'keys',
      'SUPABASE_PUBLISHABLE_KEY is a secret key. It is handed to every browser.',
      'Put the publishable key there, and replace the secret key in the project: it may be known by now.',
    );
  if (kindOfKey(secretKey) === 'publishable')
    return failing(
      'keys',
      'SUPABASE_SECRET_KEY is a publishable key.',
      'Use the one that begins with sb_secret_.',
    );
  return ok('keys', 'Each key is of its kind.');
}

async function checkSigning(target: DoctorTarget): Promise<Finding> {
  const answer = await get(target, '/auth/v1/.well-known/jwks.json', target.publishableKey);
  const body = (await answer?.json().catch(() => undefined)) as { keys?: unknown[] } | undefined;
  const count = body?.keys?.length ?? 0;
  if (target.jwtSecret === undefined && count === 0)
    return failing(
      'sign-in',
      'The project publishes no signing keys, and SUPABASE_JWT_SECRET is not set: nobody could sign in.',
      'Change to JWT signing keys in Project Settings → JWT Keys, or set SUPABASE_JWT_SECRET to the legacy secret.',
    );
  if (target.jwtSecret !== undefined && count > 0)
    return warning(
      'sign-in',
      'The project publishes signing keys, but SUPABASE_JWT_SECRET is set, so only the legacy secret counts.',
      'If the project signs with the new keys, remove SUPABASE_JWT_SECRET.',
    );
  return ok(
    'sign-in',
    target.jwtSecret === undefined ? `${count} signing keys published.` : 'By the shared secret.',
  );
}

async function look(client: SupabaseClient): Promise<Inside | Finding> {
  const { data, error, status } = await client.rpc('ws_doctor');
  if (error === null) return JSON.parse(String(data)) as Inside;
  if (status === 401 || status === 403)
    return failing(
      'secret key',
      'The project does not take SUPABASE_SECRET_KEY.',
      'Copy it again from Project Settings → API Keys: it begins with sb_secret_ (legacy: service_role).',
    );
  if (status === 404)
    return failing(
      'migrations',
      'The tables of this program are not there, or older than it.',
      'Apply them: npx supabase link, then npx supabase db push --include-all (docs/supabase.md).',
    );
  return failing(
    'database',
    `The database does not answer (${status}).`,
    'Look at the project’s status page and logs.',
  );
}

function checkInside(inside: Inside, target: DoctorTarget): Finding[] {
  const applied = inside.migrations === null ? undefined : new Set(inside.migrations);
  const missing = target.migrations.filter((version) => applied?.has(version) === false);
  const unknown = [...(applied ?? [])].filter(
    (version) => version.startsWith('20261122') && !target.migrations.includes(version),
  );
  const unpublished = PUBLISHED.filter((table) => !inside.published.includes(table));
  const offMs = Math.abs(inside.now - target.now());
  return [
    missing.length > 0
      ? failing(
          'migrations',
          `Not applied: ${missing.join(', ')}.`,
          'Run npx supabase db push --include-all (docs/supabase.md).',
        )
      : unknown.length > 0
        ? failing(
            'migrations',
            'The tables are newer than this program.',
            'Start the newer version of WedSync.',
          )
        : applied === undefined
          ? warning(
              'migrations',
              'Applied by hand: there is no history of them.',
              'Use the Supabase CLI from now on.',
            )
          : ok('migrations', `All ${target.migrations.length} are applied.`),
    inside.open.length > 0
      ? failing(
          'row-level security',
          `Off for ${inside.open.join(', ')}: anybody could read them.`,
          `Run in the SQL editor: ${inside.open.map((name) => `alter table ${name} enable row level security;`).join(' ')}`,
        )
      : ok('row-level security', 'On for every table.'),
    unpublished.length > 0 || inside.identity !== 'f'
      ? warning(
          'publication',
          `Other programs are not told of changes (${unpublished.join(', ') || 'replica identity'}).`,
          'Database → Publications: add the tables to supabase_realtime; alter table public.client_list_cache replica identity full;',
        )
      : ok('publication', 'Changes of the read model are published.'),
    offMs > CLOCK_OFF_MS
      ? warning(
          'clock',
          `This machine’s clock is ${Math.round(offMs / 1_000)} s off the database’s.`,
          'Turn on time synchronisation (NTP): sign-ins and webhook signatures go by the clock.',
        )
      : ok('clock', 'This machine and the database agree on the time.'),
  ];
}

/** Nothing when the tables are not there; that is found elsewhere. */
async function checkRefused(client: SupabaseClient): Promise<Finding[]> {
  const { data, error } = await client.rpc('ws_refused_lately', { p_limit: String(REFUSED_LIMIT) });
  return error === null ? [findRefused(JSON.parse(String(data)) as RefusedLately[])] : [];
}

/** What somebody sees who only has the publishable key: nothing. */
async function checkStrangers(target: DoctorTarget): Promise<Finding> {
  for (const table of ['lists', 'list_members', 'client_list_cache', 'client_changes']) {
    const answer = await get(target, `/rest/v1/${table}?select=*&limit=1`, target.publishableKey);
    const rows = (await answer?.json().catch(() => undefined)) as unknown;
    if (Array.isArray(rows) && rows.length > 0)
      return failing(
        'strangers',
        `public.${table} can be read without signing in.`,
        'Remove the policy or grant that was added to it; the migrations give none.',
      );
  }
  return ok('strangers', 'Without signing in nothing can be read.');
}

async function checkRealtime(target: DoctorTarget): Promise<Finding> {
  const client = createClient(target.url, target.secretKey, { auth: { persistSession: false } });
  try {
    const state = await new Promise<string>((done) => {
      setTimeout(() => done('TIMED_OUT'), target.timeoutMs).unref();
      client
        .channel('wedsync-doctor')
        .on('postgres_changes', { event: '*', schema: 'public', table: 'client_list_cache' }, () => undefined)
        .subscribe((status) => done(status));
    });
    return state === 'SUBSCRIBED'
      ? ok('realtime', 'Realtime takes subscriptions.')
      : warning(
          'realtime',
          `Realtime does not answer (${state}). The app works without it; other programs hear of changes late.`,
          'Project Settings → Realtime: turn it on.',
        );
  } finally {
    await client.removeAllChannels();
  }
}

/** All findings, in the order in which they should be put right. Never rejects. */
export async function examine(target: DoctorTarget): Promise<Finding[]> {
  const address = await checkAddress(target);
  if (address.state === 'failing' && address.check === 'address') return [address];
  const client = createClient(target.url, target.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: {
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(target.timeoutMs) }),
    },
  });
  const inside = await look(client);
  return [
    address,
    checkKinds(target),
    await checkSigning(target),
    ...('check' in inside ? [inside] : checkInside(inside, target)),
    ...(await checkRefused(client)),
    await checkStrangers(target),
    await checkRealtime(target),
  ];
}
