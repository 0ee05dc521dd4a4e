// Waiting for what a server does, with a limit that only a hang reaches.
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
