// PERF: the relay beside a raw broadcaster in one run. Storage is on: the embedded default, which computes in a thread of
// the relay's process, so its CPU time is in the figures.
import type { BenchCase, BenchRow } from '../bench-case.ts';
import { coldJoin, fanOut, type Measured, manyRooms } from './cases.ts';
import { type RunningRelay, type RunningServer, startRaw, startRelay } from './servers.ts';
import { postEvents } from './webhook.ts';

type Pair = { readonly ours: Measured; readonly raw: Measured };

async function onBoth(
  servers: { relay: RunningServer; raw: RunningServer },
  work: (server: RunningServer) => Promise<Measured>,
): Promise<Pair> {
  return { raw: await work(servers.raw), ours: await work(servers.relay) };
}

const perUnit = ({ cpuMs, units }: Measured) => (cpuMs * 1000) / units;

function cpuRow(label: string, { ours, raw }: Pair, target: number): BenchRow {
  const detail = `${perUnit(ours).toFixed(1)} µs against ${perUnit(raw).toFixed(1)} µs of CPU, embedded storage on`;
  return { label, ratio: perUnit(ours) / perUnit(raw), target, isAtMost: true, unit: '×', detail };
}

async function webhookRows(relay: RunningRelay, raw: RunningServer, events: number): Promise<BenchRow[]> {
  const owner = 'bench@example.com';
  await relay.admin('token', { email: owner });
  const list = await relay.admin<{ id: string }>('lists', { name: 'Bench', owner });
  const source = await relay.admin<{ url: string; secret: string }>('sources', {
    list: list.id,
    provider: 'standard',
    name: 'Bench',
  });
  const options = { events, inFlight: 16 };
  const baseline = await postEvents({ url: `${raw.url}/webhooks/x`, pid: raw.pid }, options);
  const ours = await postEvents({ url: source.url, pid: relay.pid, secret: source.secret }, options);
  const rate = (ours.measured.units * 1000) / ours.measured.wallMs;
  const p99 = ours.latenciesMs[Math.floor(ours.latenciesMs.length * 0.99)] ?? 0;
  const pair = { ours: ours.measured, raw: baseline.measured };
  return [
    {
      label: 'HOOK-5 events/s accepted',
      ratio: rate,
      target: 200,
      isAtMost: false,
      unit: '/s',
      detail: `p99 of the answer ${p99.toFixed(0)} ms`,
    },
    {
      label: 'HOOK-5 CPU per event, to a bare 202',
      ratio: perUnit(pair.ours) / perUnit(pair.raw),
      isAtMost: true,
      unit: '×',
      detail: `${perUnit(pair.ours).toFixed(0)} µs against ${perUnit(pair.raw).toFixed(0)} µs; verified, stored, being applied`,
    },
  ];
}

export const benchCase: BenchCase = {
  name: 'relay',
  promises: ['PERF-1', 'PERF-2', 'PERF-3', 'HOOK-5'],
  async run({ isQuick }) {
    const raw = await startRaw();
    const relay = await startRelay();
    const servers = { relay, raw };
    try {
      const edits = isQuick ? 200 : 1_000;
      const fan = await onBoth(servers, (server) => fanOut(server, { edits, receivers: 100, window: 32 }));
      const rooms = await onBoth(servers, (server) =>
        manyRooms(server, { rooms: isQuick ? 100 : 500, edits: 20 }),
      );
      const joins = await onBoth(servers, (server) =>
        coldJoin(server, { joiners: isQuick ? 10 : 50, records: 10_000 }),
      );
      return [
        cpuRow('PERF-1 CPU per delivery, 4 writers to 100', fan, 0.1),
        cpuRow(`PERF-2 CPU per update, ${isQuick ? 100 : 500} rooms`, rooms, 1.6),
        cpuRow('PERF-3 CPU per cold join, 10,000 records', joins, 1.2),
        ...(await webhookRows(relay, raw, isQuick ? 500 : 2_000)),
      ];
    } finally {
      await raw.stop();
      await relay.stop();
    }
  },
};
