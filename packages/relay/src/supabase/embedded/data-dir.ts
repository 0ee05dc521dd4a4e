// The folder of the embedded database: one process at a time, first creation all or nothing, keys of its own.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
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

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Like `mkdir -p`, which Node's own never returns from where the system refuses names without a reason (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** Makes the folder and refuses one that cannot be used, in words that say what to do. */
export function prepareDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    const probe = join(dataDir, `.write-probe-${process.pid}`);
    writeFileSync(probe, 'x');
    unlinkSync(probe);
  } catch (error) {
    throw new AppError('bad-config', {
      message: `The data folder ${dataDir} cannot be written (${describe(error)}). Check its rights and the free space on the disk, or set DATA_DIR to another folder.`,
      cause: error,
    });
  }
  const versionFile = join(dataDir, 'version');
  if (existsSync(versionFile)) {
    const version = Number(readFileSync(versionFile, 'utf8'));
    if (!(version <= DATA_VERSION)) {
      throw new AppError('bad-config', {
        message: `The data folder ${dataDir} was written by a newer version of WedSync. Start that version, or set DATA_DIR to another folder. Nothing was changed.`,
      });
    }
  } else writeFileSync(versionFile, `${DATA_VERSION}\n`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Start time of a process (Linux; '' elsewhere), so that a number given again is not taken for the old process. */
function startTimeOf(pid: number): string {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? (readFileSync(file, 'utf8').split(') ')[1]?.split(' ')[19] ?? '') : '';
}

/** Takes the folder for this process; the function that comes back frees it. A lock of a dead process is taken over. */
export function lockDataDir(dataDir: string): () => void {
  const lockFile = join(dataDir, 'lock');
  const own = `${process.pid} ${startTimeOf(process.pid)}`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(lockFile, 'wx', 0o600);
      writeSync(file, own);
      closeSync(file);
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const [pid = '0', startTime = ''] = readFileSync(lockFile, 'utf8').split(' ');
      if (isRunning(Number(pid)) && startTimeOf(Number(pid)) === startTime) {
        throw new AppError('already-running', {
          message: `The data folder ${dataDir} is in use by another WedSync (process ${pid}). Stop that one, or set DATA_DIR (and PORT) to run a second one beside it.`,
        });
      }
      rmSync(lockFile, { force: true });
    }
  }
  throw new AppError('already-running', {
    message: `The data folder ${dataDir} is being opened by another WedSync at this moment. Try again.`,
  });
}

/** Keys of this folder, made at its first start and readable by its owner alone. */
export function readSecrets(dataDir: string): EmbeddedSecrets {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as EmbeddedSecrets;
  const token = (bytes: number) => randomBytes(bytes).toString('base64url');
  const secrets: EmbeddedSecrets = {
    jwtSecret: token(48),
    publishableKey: `sb_publishable_${token(18)}`,
    secretKey: `sb_secret_${token(30)}`,
    encryptionKey: randomBytes(32).toString('base64'),
  };
  const draft = `${file}.new`;
  writeFileSync(draft, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(draft, file);
  return secrets;
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
  const path = join(dataDir, 'database');
  if (existsSync(path)) return path;
  const draft = join(dataDir, 'database.new');
  rmSync(draft, { recursive: true, force: true });
  await create(draft);
  renameSync(draft, path);
  return path;
}
