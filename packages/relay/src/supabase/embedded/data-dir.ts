// The folder of the embedded database: its version, its keys, and its first creation, which is all or nothing.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '@wedsync/shared';

/** Version of the folder's layout; a higher one was written by a newer WedSync. */
const DATA_VERSION = 1;

export type EmbeddedSecrets = {
  readonly jwtSecret: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Key for secrets at rest, 32 bytes as base64. */
  readonly encryptionKey: string;
};

const secretNames = ['jwtSecret', 'publishableKey', 'secretKey', 'encryptionKey'] as const;

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refuse(message: string, cause?: unknown): never {
  throw new AppError('bad-config', { message, cause });
}

/** Like `mkdir -p`, which Node's own never returns from where the system refuses names without a reason (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** A file that is there whole or not at all, also when the process is killed meanwhile. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/**
 * Makes the folder and refuses one that cannot be used, in words that say what to do.
 * @throws AppError `bad-config`
 */
export function prepareDataDir(dataDir: string): void {
  const versionFile = join(dataDir, 'version');
  let version: string | undefined;
  try {
    makeFolder(dataDir);
    const probe = join(dataDir, `.write-probe-${process.pid}`);
    writeFileSync(probe, 'x');
    unlinkSync(probe);
    if (existsSync(versionFile)) version = readFileSync(versionFile, 'utf8');
    else writeWhole(versionFile, `${DATA_VERSION}\n`);
  } catch (error) {
    refuse(
      `The data folder ${dataDir} cannot be read and written (${describe(error)}). Check its rights and the free space on the disk, or set DATA_DIR to another folder.`,
      error,
    );
  }
  if (version !== undefined && !(Number(version) <= DATA_VERSION)) {
    refuse(
      `The data folder ${dataDir} was written by a newer version of WedSync. Start that version, or set DATA_DIR to another folder. Nothing was changed.`,
    );
  }
}

function parseSecrets(text: string): EmbeddedSecrets {
  const parsed = JSON.parse(text) as Record<string, unknown>;
  for (const name of secretNames) {
    const value = parsed[name];
    if (typeof value !== 'string' || value.length < 20) throw new Error(`${name} is missing`);
  }
  return parsed as EmbeddedSecrets;
}

/**
 * Keys of this folder, made at its first start and readable by its owner alone.
 * @throws AppError `bad-config` when they are gone or damaged: new ones could not read what the old ones sealed
 */
export function readSecrets(dataDir: string): EmbeddedSecrets {
  const file = join(dataDir, 'secrets.json');
  const advice =
    'The database cannot be used without it. Put it back from a copy of the folder; nothing was changed.';
  if (existsSync(file)) {
    try {
      return parseSecrets(readFileSync(file, 'utf8'));
    } catch (error) {
      return refuse(`The key file ${file} cannot be read (${describe(error)}). ${advice}`, error);
    }
  }
  if (existsSync(databasePath(dataDir))) return refuse(`The key file ${file} is missing. ${advice}`);
  const token = (bytes: number) => randomBytes(bytes).toString('base64url');
  const secrets: EmbeddedSecrets = {
    jwtSecret: token(48),
    publishableKey: `sb_publishable_${token(18)}`,
    secretKey: `sb_secret_${token(30)}`,
    encryptionKey: randomBytes(32).toString('base64'),
  };
  writeWhole(file, JSON.stringify(secrets, null, 2));
  return secrets;
}

function databasePath(dataDir: string): string {
  return join(dataDir, 'database');
}

/**
 * Where the database's files are. The first creation happens in a sibling folder that gets its name when it is whole:
 * a database of which the creation was cut off never opens again.
 * @param create makes the database in the folder it is given and closes it again
 */
export async function createDatabaseOnce(
  dataDir: string,
  create: (path: string) => Promise<void>,
): Promise<string> {
  const path = databasePath(dataDir);
  if (existsSync(path)) return path;
  const draft = join(dataDir, 'database.new');
  rmSync(draft, { recursive: true, force: true });
  await create(draft);
  renameSync(draft, path);
  return path;
}
