// Waiting for what a server does, with a limit that only a hang reaches.
const HANG_MS = 120_000;

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + HANG_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`bench: ${what} did not happen within two minutes`);
    await new Promise((done) => setTimeout(done, 2));
  }
}
