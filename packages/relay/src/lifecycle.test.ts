import { describe, expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.ts';

function create() {
  const lines: string[] = [];
  const problems: string[] = [];
  const closed: string[] = [];
  const lifecycle = createLifecycle({
    announce: (line) => lines.push(line),
    now: Date.now,
    onStopProblem: (part) => problems.push(part),
  });
  const part = (name: string, close: () => Promise<void> = () => Promise.resolve()) =>
    lifecycle.start(
      name,
      () => Promise.resolve(name),
      async (value) => {
        closed.push(value);
        await close();
      },
    );
  return { lifecycle, lines, problems, closed, part };
}

describe('RELAY-7 lifecycle', () => {
  it('opens in order with a line each and closes in reverse order, once', async () => {
    const { lifecycle, lines, closed, part } = create();
    await part('a');
    await part('b');
    await part('c');
    await Promise.all([lifecycle.stop(1_000), lifecycle.stop(1_000)]);
    expect(lines).toEqual(['• a', '• b', '• c']);
    expect(closed).toEqual(['c', 'b', 'a']);
  });

  it('a part that fails or hangs while closing does not keep the others open', async () => {
    const { lifecycle, problems, closed, part } = create();
    await part('a');
    await part('hangs', () => new Promise(() => undefined));
    await part('fails', () => Promise.reject(new Error('no')));
    await lifecycle.stop(0);
    expect(closed).toEqual(['fails', 'hangs', 'a']);
    expect(problems).toEqual(['fails', 'hangs']);
  });

  it('what was opened before a part that failed to open is closed', async () => {
    const { lifecycle, closed, part } = create();
    await part('a');
    await expect(lifecycle.start('b', () => Promise.reject(new Error('port in use')))).rejects.toThrow(
      'port in use',
    );
    await lifecycle.stop(1_000);
    expect(closed).toEqual(['a']);
  });
});
