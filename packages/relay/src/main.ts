// The relay process: settings, start, signals. Everything that it prints is for the person who started it.
import { AppError } from '@wedsync/shared';
import { readConfig } from './config.ts';
import { createRelay, type Relay } from './relay.ts';

/** RELAY-7: within 10 s in all. */
const STOP_MS = 8_500;
/** A relay that hangs while stopping is ended: everything that it acknowledged is stored. */
const HARD_EXIT_MS = 9_500;

const say = (line: string) => void process.stdout.write(`${line}\n`);

function describe(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function stop(relay: Relay): Promise<never> {
  setTimeout(() => process.exit(1), HARD_EXIT_MS).unref();
  const unstored = await relay.stop(STOP_MS);
  if (unstored === 0) {
    say('Stopped. Everything is stored.');
    process.exit(0);
  }
  const changes = unstored === 1 ? '1 change was' : `${unstored} changes were`;
  say(
    `Stopped. ${changes} not stored, because the database did not answer. The devices keep them and send them again.`,
  );
  process.exit(1);
}

async function main(): Promise<void> {
  let relay: Relay | undefined;
  let isStopping = false;
  const stopOnce = (why: string) => {
    if (isStopping) return;
    isStopping = true;
    say(why);
    // While it starts nothing is on its way yet.
    if (relay === undefined) process.exit(0);
    void stop(relay);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => stopOnce('Stopping: storing what is on its way…'));

  /** It is opened again, as often as it takes; until then changes wait in memory without a receipt. */
  const onCrash = (error: Error) =>
    say(`The database is away: ${error.message}\n  Nothing that was stored is lost. Opening it again…`);
  relay = await createRelay({ config: readConfig(process.env), say, onCrash });
  say(`WedSync is ready on ${relay.url} · open it and press “Try the demo”, or sign up`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${describe(error)}\n`);
  process.exit(1);
});
