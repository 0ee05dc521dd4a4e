// Work that is done again and again, each time some while after the last time has ended.

export interface RepeatOptions {
  readonly firstMs: number;
  readonly everyMs: number;
  /** Calls back once after `ms`; returns its own undo. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** Handles its own errors; long work asks `isClosed` between its steps. */
  readonly work: (isClosed: () => boolean) => Promise<void>;
}

export interface Repeated {
  /** Ends when the work that is under way has ended. */
  close(): Promise<void>;
}

export function repeat({ firstMs, everyMs, schedule, work }: RepeatOptions): Repeated {
  let isClosed = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = schedule(firstMs, start);

  function start(): void {
    running = work(() => isClosed).finally(() => {
      if (!isClosed) cancel = schedule(everyMs, start);
    });
  }

  return {
    async close() {
      isClosed = true;
      cancel();
      await running;
    },
  };
}
