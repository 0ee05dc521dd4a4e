// SEC-4: what a flood of events that nobody signed does to the edits of people on the same relay.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { editLatency, type Waits } from './latency.ts';
import type { RunningRelay } from './servers.ts';
import { until } from './wait.ts';
import { makeSource } from './webhook.ts';

export type FloodFigures = {
  readonly idle: Waits;
  readonly flooded: Waits;
  /** Events of the flood that were answered, per second. */
  readonly answeredPerSecond: number;
};

/** Edits alone and under the flood in turns, so that both see the same machine. */
export async function floodFigures(
  relay: RunningRelay,
  lists: readonly string[],
  { edits, perSecond }: { readonly edits: number; readonly perSecond: number },
): Promise<FloodFigures[]> {
  const rounds: FloodFigures[] = [];
  for (const list of lists) {
    const { source } = await makeSource(relay);
    const { arrived: idle } = await editLatency(relay, list, edits);
    const child = fork(join(import.meta.dirname, 'flood-sender.ts'), [source.url, String(perSecond)]);
    let answered = 0;
    child.on('message', (message: { answered: number }) => {
      answered = message.answered;
    });
    try {
      await until(() => answered > 0, 'the flood');
      const [startedAt, before] = [performance.now(), answered];
      const { arrived: flooded } = await editLatency(relay, list, edits);
      const answeredPerSecond = ((answered - before) * 1_000) / (performance.now() - startedAt);
      rounds.push({ idle, flooded, answeredPerSecond });
    } finally {
      child.kill('SIGKILL');
    }
  }
  return rounds;
}
