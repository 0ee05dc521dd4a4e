// Waiting for what a server does, with a limit that only a hang reaches.
import { cpuMs } from './process.ts';

const HANG_MS = 180_000;

let fault: Error | undefined;

/** Something went wrong that whoever waits would wait for in vain. */
export function fail(error: Error): void {
  fault ??= error;
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + HANG_MS;
  while (!(await condition())) {
    if (fault !== undefined) throw fault;
    if (performance.now() > deadline) throw new Error(`bench: ${what} did not happen within three minutes`);
    await new Promise((done) => setTimeout(done, 2));
  }
}

/** Until a process has nothing left to do, work in the background included. */
export async function quiet(pid: number): Promise<void> {
  const isIdle = async () => {
    const before = cpuMs(pid);
    await new Promise((done) => setTimeout(done, 500));
    return cpuMs(pid) - before < 25;
  };
  await until(isIdle, 'rest after the work');
}
