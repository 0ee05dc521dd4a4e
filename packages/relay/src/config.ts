// The one table of settings: name, kind, default, what it does, whether it is a secret. Read once at start; all problems
// are reported together. docs/settings.md is written from this table.
import { resolve } from 'node:path';
import { AppError } from '@wedsync/shared';
import { z } from 'zod';

type Setting = {
  readonly schema: z.ZodType;
  readonly about: string;
  readonly isSecret?: boolean;
  readonly fallback?: string;
};

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const mebibyte = 1024 * 1024;

/** Every setting; environment variables of these names. A fallback is written as it would stand in the environment. */
export const SETTINGS = {
  PORT: {
    schema: whole(0, 65_535),
    fallback: '8787',
    about: 'Port of the app, the sync socket, the API and webhooks. 0 picks a free one.',
  },
  HOST: {
    schema: z.string().min(1),
    fallback: 'localhost',
    about: 'Address to listen on. `0.0.0.0` for all networks: then put HTTPS in front.',
  },
  PUBLIC_URL: {
    schema: z.url().optional(),
    about:
      'Address under which others reach this relay, for webhook addresses and links. Default: the address it listens on.',
  },
  DATA_DIR: {
    schema: z
      .string()
      .min(1)
      .transform((path) => resolve(path)),
    fallback: '.wedsync',
    about: 'Folder for the embedded database, its photos, keys and `relay.json`.',
  },
  SUPABASE_URL: {
    schema: z.url().optional(),
    about: 'Address of a Supabase project. Unset: the embedded default.',
  },
  SUPABASE_SECRET_KEY: {
    schema: z.string().min(10).optional(),
    isSecret: true,
    about: 'Secret (service role) key of that project. Needed with `SUPABASE_URL`.',
  },
  SUPABASE_PUBLISHABLE_KEY: {
    schema: z.string().min(10).optional(),
    about: 'Publishable (anon) key, handed to browsers for signing in. Needed with `SUPABASE_URL`.',
  },
  SUPABASE_JWT_SECRET: {
    schema: z.string().min(32).optional(),
    isSecret: true,
    about: 'Shared secret of projects that sign with HS256. Unset: the project’s public key set is used.',
  },
  REDIS_URL: {
    schema: z.url().optional(),
    about: 'Redis or Valkey for quicker news between several relays.',
  },
  RELAY_ENCRYPTION_KEY: {
    schema: z
      .string()
      .refine((key) => Buffer.from(key, 'base64').length === 32, 'must be 32 bytes as base64')
      .optional(),
    isSecret: true,
    about:
      'Key for webhook secrets at rest: 32 bytes as base64. Embedded default: made at first start. Needed with `SUPABASE_URL`.',
  },
  SMTP_URL: {
    schema: z.url().optional(),
    isSecret: true,
    about: 'Mail server, `smtp://user:password@host:port`. Unset: mails are not sent.',
  },
  MAIL_FROM: {
    schema: z.email().optional(),
    about: 'Sender of mails. Default: the user of `SMTP_URL` when that is an address.',
  },
  OPERATOR_EMAIL: {
    schema: z.email().optional(),
    about:
      'Who is told when something of this relay fails. Unset: the owners of its lists. Needs `SMTP_URL`.',
  },
  HEALTH_INTERVAL: {
    schema: whole(1, 3_600),
    fallback: '30',
    about: 'Seconds between two rounds of health checks.',
  },
  METRICS_TOKEN: {
    schema: z.string().min(16).optional(),
    isSecret: true,
    about: 'Bearer token for `/metrics`. Unset: only requests from this machine are answered.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about:
      'OpenTelemetry collector that gets traces (OTLP over HTTP, JSON), as `http://localhost:4318`. Unset: none are made, and OpenTelemetry is not loaded. With it the other standard variables hold: `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_SCHEDULE_DELAY` …',
  },
  ALLOWED_ORIGINS: {
    schema: z.string().transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
    fallback: '',
    about:
      'Further origins that may open the sync socket and the API, comma separated. The relay’s own is always allowed.',
  },
  HISTORY_DAYS: {
    schema: whole(30, 36_500),
    fallback: '730',
    about: 'Days for which a value of a field stays in the history after it was replaced.',
  },
  AUDIT_DAYS: {
    schema: whole(30, 36_500),
    fallback: '400',
    about: 'Days for which an entry of the audit log is kept.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    fallback: 'warn',
    about: 'How much is logged (to standard error, as JSON lines).',
  },
  DEMO: {
    schema: z.enum(['on', 'off']),
    fallback: 'on',
    about: 'Whether the embedded default has a demo account.',
  },
  FRAME_MAX_BYTES: {
    schema: whole(64 * 1024, 256 * mebibyte),
    fallback: String(8 * mebibyte),
    about: 'Largest message on the sync socket.',
  },
  DOCUMENT_MAX_BYTES: {
    schema: whole(mebibyte, 1024 * mebibyte),
    fallback: String(64 * mebibyte),
    about: 'Largest document.',
  },
  BACKLOG_MAX_BYTES: {
    schema: whole(mebibyte, 4096 * mebibyte),
    fallback: String(128 * mebibyte),
    about: 'What may wait in memory while the database is away, before writes are refused.',
  },
  GENERATION_CLIENT_IDS: {
    schema: whole(2, 1_000_000),
    fallback: '2000',
    about: 'A document with more writing sessions in it than this is rebuilt from its live entries.',
  },
  WEBHOOK_MAX_BYTES: {
    schema: whole(1024, 16 * mebibyte),
    fallback: String(mebibyte),
    about: 'Largest webhook body.',
  },
  PHOTO_MAX_BYTES: {
    schema: whole(64 * 1024, 64 * mebibyte),
    fallback: String(8 * mebibyte),
    about: 'Largest photo of a couple that is fetched. Kept are a smaller copy and a thumbnail.',
  },
  OUTBOUND_TEST_ORIGIN: {
    schema: z.url().optional(),
    about:
      'For tests only: requests to other systems go to this origin, the real host as the first step of the path. Unset: they go out, and private addresses are refused.',
  },
  INBOX_MAX_WAITING: {
    schema: whole(100, 10_000_000),
    fallback: '100000',
    about: 'Webhook events that may wait to be applied, before new ones are answered 503.',
  },
} as const satisfies Record<string, Setting>;

export type Config = {
  readonly [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]['schema']>;
};

/** Settings that a hosted Supabase cannot do without. */
const hostedNeeds = ['SUPABASE_SECRET_KEY', 'SUPABASE_PUBLISHABLE_KEY', 'RELAY_ENCRYPTION_KEY'] as const;

/**
 * Reads the settings; empty variables count as unset.
 * @throws AppError `bad-config` with one line per problem, values of secrets left out
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const given = env[name] === '' ? undefined : env[name];
    const result = setting.schema.safeParse(given ?? setting.fallback);
    if (result.success) values[name] = result.data;
    else {
      const shown = setting.isSecret === true || given === undefined ? '' : ` (is "${given}")`;
      problems.push(
        `${name}${shown}: ${result.error.issues.map((issue) => issue.message).join(', ')}. ${setting.about}`,
      );
    }
  }
  if (values.SUPABASE_URL !== undefined) {
    for (const name of hostedNeeds)
      if (values[name] === undefined)
        problems.push(`${name}: is needed with SUPABASE_URL. ${SETTINGS[name].about}`);
  }
  if (problems.length > 0) {
    throw new AppError('bad-config', {
      message: `Some settings are not right:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    });
  }
  return Object.freeze(values) as Config;
}

/** The settings page, as Markdown. */
export function renderSettings(): string {
  const rows = Object.entries<Setting>(SETTINGS).map(([name, { about, fallback, isSecret }]) => {
    const shown = fallback === undefined ? '–' : fallback === '' ? '(empty)' : `\`${fallback}\``;
    return `| \`${name}\` | ${shown} | ${about}${isSecret === true ? ' *Secret.*' : ''} |`;
  });
  return [
    '# Settings',
    '',
    'Environment variables, read once at start. A wrong one is refused then, all problems in one message. This page is',
    'written from the table in `packages/relay/src/config.ts` by `npm run settings`.',
    '',
    '| name | default | what it does |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
