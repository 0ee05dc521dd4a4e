// Start order and drain order: parts are opened one after the other, each with a line for the person at the
// terminal, and closed in reverse order within one deadline.

export interface LifecycleOptions {
  /** Tells the person at the terminal what is going on, one plain line each. */
  readonly announce: (line: string) => void;
  readonly now: () => number;
  /** Told of a part that failed to close, or did not close in time. */
  readonly onStopProblem: (part: string, problem: unknown) => void;
}

export interface Lifecycle {
  /**
   * Opens a part and remembers how to close it. `title` is the line shown while it opens.
   * Rejects with what `open` rejected with; parts opened before stay open until `stop`.
   */
  start<Part>(title: string, open: () => Promise<Part>, close?: (part: Part) => Promise<void>): Promise<Part>;
  /**
   * Closes everything in reverse order. A part that fails or takes longer than what is left of `deadlineMs`
   * does not keep the others from closing. Calling it again waits for the first call.
   */
  stop(deadlineMs: number): Promise<void>;
}

/** However little time is left, each part gets this long: most close in no time at all. */
const MIN_CLOSE_MS = 200;

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const parts: { readonly title: string; readonly close: () => Promise<void> }[] = [];
  let stopping: Promise<void> | undefined;

  async function closePart({ title, close }: (typeof parts)[number], withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_done, fail) => {
      timer = setTimeout(() => fail(new Error(`not closed within ${withinMs} ms`)), withinMs);
    });
    try {
      await Promise.race([close(), late]);
    } catch (error) {
      options.onStopProblem(title, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function stopAll(deadlineMs: number): Promise<void> {
    const endAt = options.now() + deadlineMs;
    for (let part = parts.pop(); part !== undefined; part = parts.pop())
      await closePart(part, Math.max(MIN_CLOSE_MS, endAt - options.now()));
  }

  return {
    async start(title, open, close) {
      options.announce(`• ${title}`);
      const part = await open();
      if (close !== undefined) parts.push({ title, close: () => close(part) });
      return part;
    },
    stop(deadlineMs) {
      stopping ??= stopAll(deadlineMs);
      return stopping;
    },
  };
}
