// One process at a time per data folder: two would open the same files without complaint, and rows would vanish.
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@wedsync/shared';

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Start time of a process (Linux; '' elsewhere), so that a number given again is not taken for the old process. */
function startTimeOf(pid: number): string {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? (readFileSync(file, 'utf8').split(') ')[1]?.split(' ')[19] ?? '') : '';
}

/** What the lock says, '' when it is free. */
function readLock(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function isHeld(text: string): boolean {
  const [pid = '', startTime = ''] = text.split(' ');
  return isRunning(Number(pid)) && startTimeOf(Number(pid)) === startTime;
}

/** Puts a lock there; false when there is one. A link, so that it never stands there without its text. */
function tryLock(own: string, lockFile: string): boolean {
  try {
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    return tryWrite(readFileSync(own, 'utf8'), lockFile);
  }
}

/** For file systems without links (exFAT, some network folders). */
function tryWrite(text: string, lockFile: string): boolean {
  try {
    writeFileSync(lockFile, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Takes away the lock of a dead process. What another one put there meanwhile is put back. */
function removeStale(lockFile: string, aside: string, stale: string): void {
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== stale) tryLock(aside, lockFile);
  rmSync(aside, { force: true });
}

/**
 * Takes the folder for this process; the function that comes back frees it. A lock of a dead process is taken over.
 * @throws AppError `already-running`, with the number of the process that has it
 */
export function lockDataDir(dataDir: string): () => void {
  const lockFile = join(dataDir, 'lock');
  const own = join(dataDir, `.lock-${process.pid}`);
  const text = `${process.pid} ${startTimeOf(process.pid)}`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLock(own, lockFile)) {
        return () => {
          if (readLock(lockFile) === text) rmSync(lockFile, { force: true });
        };
      }
      const found = readLock(lockFile);
      if (found !== '' && isHeld(found)) {
        throw new AppError('already-running', {
          message: `The data folder ${dataDir} is in use by another WedSync (process ${found.split(' ')[0]}). Stop that one, or set DATA_DIR (and PORT) to run a second one beside it.`,
        });
      }
      if (found !== '') removeStale(lockFile, `${own}-aside`, found);
    }
  } finally {
    rmSync(own, { force: true });
  }
  throw new AppError('already-running', {
    message: `The data folder ${dataDir} is being opened by another WedSync at this moment. Try again.`,
  });
}
