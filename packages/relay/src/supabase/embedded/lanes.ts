// Which request goes first: what devices and webhooks wait for, then everything else, then what nobody waits for.
import type { PortRequest } from './port.ts';

const urgent = /\/rpc\/ws_(?:append|inbox_put|apply)$/;
const patient = /\/rpc\/ws_(?:snapshot_\w+|project|history)$/;

/** Calls under way at once: enough to overlap password hashing with SQL, few enough that order still means something. */
const MAX_RUNNING = 4;
/** These are the long ones: an append never waits for more than one. */
const MAX_PATIENT = 1;

export type Lanes = {
  push(request: PortRequest): void;
  /** The next one to start, if one may start now; `done` is to be called at its end. */
  next(): { request: PortRequest; done(): void } | undefined;
};

/** In each lane first come, first served. */
export function createLanes(): Lanes {
  const lanes: readonly [PortRequest[], PortRequest[], PortRequest[]] = [[], [], []];
  const running: [number, number, number] = [0, 0, 0];
  const laneOf = ({ url }: PortRequest): 0 | 1 | 2 => {
    const { pathname } = new URL(url);
    return urgent.test(pathname) ? 0 : patient.test(pathname) ? 2 : 1;
  };
  const take = (lane: 0 | 1 | 2) => {
    const request = lanes[lane].shift();
    if (request === undefined) return undefined;
    running[lane] += 1;
    const done = () => {
      running[lane] -= 1;
    };
    return { request, done };
  };
  return {
    push: (request) => void lanes[laneOf(request)].push(request),
    next() {
      if (running[0] + running[1] + running[2] >= MAX_RUNNING) return undefined;
      return take(0) ?? take(1) ?? (running[2] < MAX_PATIENT ? take(2) : undefined);
    },
  };
}
