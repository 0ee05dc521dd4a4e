// How much of everything the sync service takes: what docs/relay.md lists under "Limits".
import type { Config } from './config.ts';
import type { SyncLimits } from './sync.ts';

/** Limits of the sync service: from the settings where there is one, else what a studio never reaches. */
export function toSyncLimits(config: Config): SyncLimits {
  return {
    frameBytes: config.FRAME_MAX_BYTES,
    documentBytes: config.DOCUMENT_MAX_BYTES,
    backlogBytes: config.BACKLOG_MAX_BYTES,
    // An import or an offline weekend is one message; what comes faster than this is a loop.
    messageBurst: 3_000,
    messagesPerSecond: 300,
    byteBurst: 4 * config.FRAME_MAX_BYTES,
    bytesPerSecond: 4 * 1024 * 1024,
    // The app always writes a tomb or a register beside; only sweeping what an erasure left does not.
    bareDeletionBurst: 500,
    bareDeletionsPerSecond: 5,
    // 17 for each open list of each device: ten lists on six devices.
    socketsPerPerson: 1_024,
    // A quarter of all: four addresses are needed to hold every place. A studio behind one router stays below it with
    // 29 lists of 17 sockets opened in one moment; what comes beyond waits the milliseconds that letting in takes.
    openingPerAddress: 500,
    bufferedBytes: 16 * 1024 * 1024,
    // RELAY-6 promises 30 s in all.
    stallMs: 20_000,
    openMs: 15_000,
    pingMs: 20_000,
    deadMs: 50_000,
    maxRooms: 20_000,
    maxOpening: 2_000,
    roomIdleMs: 30_000,
    tailEntries: 500,
    generationClientIds: config.GENERATION_CLIENT_IDS,
  };
}
