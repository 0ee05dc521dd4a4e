// PERF, SYNC-3 and HOOK-5: the relay with storage on, beside a raw broadcaster and Hocuspocus, all in one run.
// "relay" stores with Supabase on a Postgres 15, both in other processes; "embedded" is the default, whose database
// computes in a thread of the relay's process, so that its CPU time is in the relay's.
import { startSupabaseOnPostgres } from '../../packages/relay/test/helpers/supabase-on-postgres.ts';
import type { BenchCase, BenchOptions, BenchRow } from '../bench-case.ts';
import { startDelayProxy } from './delay-proxy.ts';
import { roomName } from './documents.ts';
import { type FloodFigures, floodFigures } from './flood.ts';
import { coldJoins, type FilledRoom, fillRoom, idleBytes, returns, roomFactor } from './joining.ts';
import { editLatency, storeOffline } from './latency.ts';
import { inRounds, perUnit, quantile, type Rounds } from './measure.ts';
import {
  type RunningRelay,
  type RunningServer,
  type Storage,
  startHocuspocus,
  startRaw,
  startRelay,
} from './servers.ts';
import { fanOut, manyRooms, streamInto } from './throughput.ts';
import { bareBurst, webhookFigures } from './webhook.ts';

/** Four kilobytes each, from one address, on a machine that the sender shares with the relay. */
const FLOOD_PER_SECOND = 300;

type Servers = {
  readonly relay: RunningRelay;
  readonly embedded: RunningRelay;
  readonly raw: RunningServer;
  readonly hocuspocus: RunningServer;
};

const all = ({ relay, embedded, raw, hocuspocus }: Servers) => [raw, hocuspocus, embedded, relay];

/** The relay's ratios to the raw broadcaster and to Hocuspocus, and the embedded default beside them. */
function cpuRows(label: string, rounds: Rounds, limits: { raw: number; hocuspocus: number }): BenchRow[] {
  const figures = ['relay', 'embedded', 'raw', 'hocuspocus'].map(
    (name) => `${name} ${rounds.median(name).toPrecision(3)}`,
  );
  const times = { isAtMost: true, unit: '×' } as const;
  return [
    {
      label: `${label}, to raw`,
      ratio: rounds.ratio('relay', 'raw'),
      target: limits.raw,
      ...times,
      detail: `µs: ${figures.join(', ')}`,
    },
    {
      label: `${label}, to Hocuspocus`,
      ratio: rounds.ratio('relay', 'hocuspocus'),
      target: limits.hocuspocus,
      ...times,
    },
    { label: `${label}, embedded to raw`, ratio: rounds.ratio('embedded', 'raw'), ...times },
  ];
}

async function memoryRows(servers: Servers, { isQuick, say }: BenchOptions): Promise<BenchRow[]> {
  const sockets = isQuick ? 100 : 1_000;
  const perThousand = new Map<string, number>();
  for (const server of all(servers)) {
    say(`idle sockets: ${server.name}`);
    perThousand.set(server.name, ((await idleBytes(server, sockets)) * 1_000) / 1e6);
  }
  const others = ['embedded', 'raw', 'hocuspocus'].map(
    (name) => `${name} ${perThousand.get(name)?.toFixed(0)}`,
  );
  return [
    {
      label: 'PERF-4 memory of 1,000 idle sockets',
      ratio: perThousand.get('relay') ?? Number.NaN,
      target: 35,
      isAtMost: true,
      unit: 'MB',
      detail: others.join(', '),
    },
  ];
}

async function throughputRows(servers: Servers, { isQuick, say }: BenchOptions): Promise<BenchRow[]> {
  const rounds = isQuick ? 1 : 5;
  say('fan-out');
  const fan = await inRounds(all(servers), rounds, (server, isWarmUp) =>
    fanOut(server, { edits: isQuick || isWarmUp ? 50 : 500, receivers: 100, window: 32 }),
  );
  const rooms = isQuick ? 50 : 500;
  say(`${rooms} rooms`);
  const many = await inRounds(all(servers), rounds, (server, isWarmUp) =>
    manyRooms(server, { rooms, updates: rooms * (isWarmUp ? 4 : 20), active: rooms }),
  );
  return [
    ...cpuRows('PERF-1 CPU of a delivery, 4 writers to 100', fan, { raw: 0.1, hocuspocus: 0.75 }),
    ...cpuRows(`PERF-2 CPU of an update, ${rooms} rooms`, many, { raw: 1.6, hocuspocus: 0.35 }),
  ];
}

async function joinRows(servers: Servers, { isQuick, say }: BenchOptions): Promise<BenchRow[]> {
  say('cold joins of 10,000 records');
  const rooms = new Map<RunningServer, FilledRoom>();
  for (const server of all(servers)) rooms.set(server, await fillRoom(server));
  const joiners = isQuick ? 5 : 50;
  const rounds = await inRounds(all(servers), isQuick ? 1 : 3, (server) =>
    coldJoins(server, rooms.get(server)?.room ?? '', joiners),
  );
  say('returning clients');
  const { measured, waitMs } = await returns(
    servers.relay,
    rooms.get(servers.relay)?.room ?? '',
    isQuick ? 20 : 100,
  );
  for (const { leave } of rooms.values()) leave();
  return [
    ...cpuRows('PERF-3 CPU of a cold join, 10,000 records', rounds, { raw: 1.2, hocuspocus: 0.03 }),
    {
      label: 'PERF-3 a returning client one edit behind',
      ratio: waitMs,
      target: 5,
      isAtMost: true,
      unit: 'ms',
      detail: `median from opening the socket to being up to date; ${(perUnit(measured) / 1_000).toFixed(2)} ms of CPU`,
    },
  ];
}

async function growthRows({ relay }: Servers, { isQuick, isFull, say }: BenchOptions): Promise<BenchRow[]> {
  const [few, many] = isQuick ? [20, 100] : [50, 5_000];
  const updates = isQuick ? 1_000 : 10_000;
  say(`${few} and ${many} rooms`);
  const perUpdate = async (rooms: number) =>
    perUnit(await manyRooms(relay, { rooms, updates, active: Math.min(few, 50) }));
  await perUpdate(few);
  const pairs: [number, number][] = [];
  for (let round = 0; round < (isFull ? 3 : 1); round++)
    pairs.push([await perUpdate(few), await perUpdate(many)]);
  const before = isQuick ? 1_000 : 100_000;
  say(`a document after ${before} edits`);
  const old = roomName('old');
  const edits = isQuick ? 500 : 2_000;
  const stream = async (room: string) => perUnit(await streamInto(relay, room, { edits, window: 32 }));
  // Ten sessions of writing, one after the other.
  for (let session = 0; session < 10; session++)
    await streamInto(relay, old, { edits: before / 10, window: 500 });
  const ages: [number, number][] = [];
  for (let round = 0; round < (isQuick ? 1 : 5); round++)
    ages.push([await stream(roomName('new')), await stream(old)]);
  // Sums, not medians: an old document is compacted more rarely, and then it costs more.
  const row = (label: string, of: readonly [number, number][]): BenchRow => {
    const [base, grown] = [0, 1].map(
      (side) => of.reduce((sum, pair) => sum + (pair[side] ?? 0), 0) / of.length,
    );
    return upTo(
      label,
      (grown ?? Number.NaN) / (base ?? Number.NaN),
      '×',
      1.3,
      `µs: ${grown?.toFixed(0)} against ${base?.toFixed(0)}, compaction included`,
    );
  };
  return [
    row(`PERF-5 CPU of an update, ${many} rooms to ${few}`, pairs),
    row(`PERF-5 CPU of an update, after ${before} edits`, ages),
  ];
}

async function listFor(relay: RunningRelay): Promise<string> {
  const { id } = await relay.api<{ id: string }>('POST', '/api/lists', { name: 'Bench' });
  return id;
}

const upTo = (label: string, ratio: number, unit: string, target?: number, detail?: string): BenchRow => ({
  label,
  ratio,
  unit,
  isAtMost: true,
  ...(target === undefined ? {} : { target }),
  ...(detail === undefined ? {} : { detail }),
});

const inMedian = ({ median }: { median: number }) => `p95; median ${median.toFixed(1)} ms`;

async function latencyRows(servers: Servers, far: RunningRelay, { isQuick, say }: BenchOptions) {
  const edits = isQuick ? 20 : 200;
  const rows: BenchRow[] = [];
  for (const server of [servers.relay, servers.embedded]) {
    say(`edit to other device: ${server.name}`);
    const list = await listFor(server);
    const { arrived, stored } = await editLatency(server, list, edits);
    rows.push(
      upTo(`SYNC-3 edit to the other's index, ${server.name}`, arrived.p95, 'ms', 100, inMedian(arrived)),
      upTo(`receipt of an edit, ${server.name}`, stored.p95, 'ms', undefined, inMedian(stored)),
      upTo(
        `SYNC-3 500 offline edits stored, ${server.name}`,
        await storeOffline(server, list, 500),
        'ms',
        5_000,
      ),
    );
  }
  say('database 20 ms away');
  const { arrived, stored } = await editLatency(far, await listFor(far), edits);
  const label = 'database 20 ms away';
  rows.push(
    upTo(`${label}: edit to the other's index`, arrived.p95, 'ms', undefined, inMedian(arrived)),
    upTo(`${label}: receipt of an edit`, stored.p95, 'ms', undefined, inMedian(stored)),
  );
  const fan = await measureFanOut(far, isQuick);
  rows.push(upTo(`${label}: CPU of a delivery`, fan, 'µs'));
  return rows;
}

async function measureFanOut(server: RunningServer, isQuick: boolean): Promise<number> {
  return perUnit(await fanOut(server, { edits: isQuick ? 200 : 500, receivers: 100, window: 32 }));
}

async function webhookRows(servers: Servers, { isQuick, isFull, say }: BenchOptions): Promise<BenchRow[]> {
  const usual = isFull ? 15_000 : 2_000;
  const events = isQuick ? 100 : usual;
  const rows: BenchRow[] = [];
  for (const server of [servers.relay, servers.embedded]) {
    say(`webhooks: ${server.name}`);
    const bare = await bareBurst(servers.raw, events);
    const { answered, answerP99Ms, appliedPerSecond, screenP95Ms } = await webhookFigures(server, events);
    const atLeast = (label: string, ratio: number): BenchRow => ({
      label: `${label}, ${server.name}`,
      ratio,
      target: 200,
      isAtMost: false,
      unit: '/s',
    });
    rows.push(
      atLeast('HOOK-5 events accepted', (answered.units * 1_000) / answered.wallMs),
      atLeast('HOOK-5 events applied', appliedPerSecond),
      upTo(`HOOK-5 answer p99, ${server.name}`, answerP99Ms, 'ms', 300),
      upTo(`HOOK-5 event to a device, ${server.name}`, screenP95Ms, 'ms', 500, 'p95'),
      upTo(
        `HOOK-5 CPU of an event, ${server.name}`,
        perUnit(answered) / perUnit(bare),
        '×',
        undefined,
        `to a bare 202: ${perUnit(answered).toFixed(0)} µs against ${perUnit(bare).toFixed(0)} µs; verified, stored, being applied`,
      ),
    );
  }
  return rows;
}

async function floodRows(servers: Servers, { isQuick, say }: BenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const server of [servers.relay, servers.embedded]) {
    say(`flood: ${server.name}`);
    const lists = await Promise.all(Array.from({ length: isQuick ? 1 : 3 }, () => listFor(server)));
    const rounds = await floodFigures(server, lists, {
      edits: isQuick ? 50 : 200,
      perSecond: FLOOD_PER_SECOND,
    });
    const median = (of: (round: FloodFigures) => number) => quantile(rounds.map(of), 0.5);
    const [idle, flooded] = [median((round) => round.idle.p99), median((round) => round.flooded.p99)];
    const answered = median((round) => round.answeredPerSecond);
    rows.push(
      upTo(
        `SEC-4 edit to the other's index under a flood, to idle, ${server.name}`,
        flooded / idle,
        '×',
        2,
        `p99: ${flooded.toFixed(1)} ms against ${idle.toFixed(1)} ms; ${answered.toFixed(0)} unsigned events answered a second`,
      ),
    );
  }
  return rows;
}

/** A list that a relay before has stored, opened by one that has just started. */
async function storedRoomRows(storage: Storage, { say }: BenchOptions): Promise<BenchRow[]> {
  say('a stored list of 10,000 records');
  const first = await startRelay('first', storage);
  const { room, leave } = await fillRoom(first);
  leave();
  await first.stop();
  const second = await startRelay('second', storage);
  const other = await fillRoom(second);
  const factor = await roomFactor(second, room);
  other.leave();
  await second.stop();
  return [upTo('PERF-4 memory of a room of 10,000 records', factor, '× its bytes', 3)];
}

export const benchCase: BenchCase = {
  name: 'relay',
  promises: ['PERF-1', 'PERF-2', 'PERF-3', 'PERF-4', 'PERF-5', 'SYNC-3', 'HOOK-5', 'SEC-4'],
  async run(options) {
    const stops: (() => Promise<unknown>)[] = [];
    const keep = async <T>(starting: Promise<T>, stop: (started: T) => Promise<unknown>): Promise<T> => {
      const started = await starting;
      stops.push(() => stop(started));
      return started;
    };
    const server = <T extends RunningServer>(starting: Promise<T>) =>
      keep(starting, (started) => started.stop());
    try {
      options.say('starting Postgres and the servers');
      const supabase = await keep(startSupabaseOnPostgres(), (started) => started.close());
      process.once('exit', () => void supabase.postgres.kill9());
      const proxy = await keep(startDelayProxy(supabase.env.SUPABASE_URL ?? '', 20), (started) =>
        started.close(),
      );
      const [relay, embedded, raw, hocuspocus, far] = await Promise.all([
        server(startRelay('relay', { supabase })),
        server(startRelay('embedded')),
        server(startRaw()),
        server(startHocuspocus()),
        server(startRelay('far', { supabase, url: proxy.url })),
      ]);
      const servers: Servers = { relay, embedded, raw, hocuspocus };
      const parts: readonly [promises: readonly string[], run: () => Promise<BenchRow[]>][] = [
        [['PERF-4'], () => memoryRows(servers, options)],
        [['PERF-4'], () => storedRoomRows({ supabase }, options)],
        [['PERF-1', 'PERF-2'], () => throughputRows(servers, options)],
        [['PERF-3'], () => joinRows(servers, options)],
        [['SYNC-3'], () => latencyRows(servers, far, options)],
        [['HOOK-5'], () => webhookRows(servers, options)],
        [['SEC-4'], () => floodRows(servers, options)],
        [['PERF-5'], () => growthRows(servers, options)],
      ];
      const rows: BenchRow[] = [];
      for (const [promises, part] of parts) {
        if (options.promise !== undefined && !promises.includes(options.promise)) continue;
        const found = await part();
        // The rest may take minutes; what is known is shown.
        for (const { label, ratio, unit } of found) options.say(`${label}: ${ratio.toPrecision(3)} ${unit}`);
        rows.push(...found);
      }
      return rows;
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
};
