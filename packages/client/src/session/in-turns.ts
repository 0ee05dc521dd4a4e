// Long work of the page itself, in pieces that leave it time to paint and to listen.

/** For as long work goes on before the page gets its turn. */
const TURN_MS = 8;

/** Lets the page paint and take input. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Does `work` with each item in order; `onTurn` hears after each turn but the last how many are done. */
export async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => void,
  onTurn?: (done: number) => void,
): Promise<void> {
  let until = performance.now() + TURN_MS;
  for (const [at, item] of items.entries()) {
    if (performance.now() >= until) {
      onTurn?.(at);
      await nextTurn();
      until = performance.now() + TURN_MS;
    }
    work(item);
  }
}
