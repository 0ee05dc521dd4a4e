// "Ready for the venue": proves, piece by piece, that the app and the list open on this device in airplane mode.

import type { Persistence, StorageEstimate } from '../../pwa/device-storage.ts';
import type { OfflineShell } from '../../pwa/offline-shell.ts';
import type { CopyProof } from '../../session/prove-copy.ts';

/** `good` and `bad` decide; `warn` is worth knowing and holds nobody up. */
export type CheckLevel = 'good' | 'warn' | 'bad';
export type CheckItem =
  | { readonly item: 'app'; readonly level: CheckLevel; readonly code: OfflineShell['state'] }
  | {
      readonly item: 'list';
      readonly level: CheckLevel;
      readonly code: 'here' | 'missing' | 'damaged' | 'fault';
      readonly couples: number;
    }
  | { readonly item: 'notes'; readonly level: CheckLevel; readonly missing: number }
  | { readonly item: 'sent'; readonly level: CheckLevel; readonly waiting: number }
  | { readonly item: 'kept'; readonly level: CheckLevel; readonly code: Persistence }
  | { readonly item: 'room'; readonly level: CheckLevel; readonly estimate: StorageEstimate | undefined };

export type VenueCheck = { readonly isReady: boolean; readonly items: readonly CheckItem[] };

/** Room for a season of edits and a browser's own needs. */
const LEAST_ROOM_BYTES = 50 * 1024 * 1024;

export type VenuePort = {
  readonly checkShell: () => Promise<OfflineShell>;
  readonly proveCopy: () => Promise<CopyProof>;
  readonly readPersistence: () => Promise<Persistence>;
  readonly estimate: () => Promise<StorageEstimate | undefined>;
  /** Couples with changes that are not stored. */
  readonly waiting: number;
};

/** Never rejects: what cannot be read is not ready. */
export async function checkVenue(port: VenuePort): Promise<VenueCheck> {
  const [shell, proof, persistence, estimate] = await Promise.all([
    port.checkShell().catch((): OfflineShell => ({ state: 'unsupported' })),
    port.proveCopy().catch(() => undefined),
    port.readPersistence(),
    port.estimate(),
  ]);
  const room = estimate === undefined ? undefined : estimate.quota - estimate.used;
  const items: CheckItem[] = [
    { item: 'app', level: shell.state === 'ready' ? 'good' : 'bad', code: shell.state },
    listItem(proof),
    { item: 'notes', level: proof?.notesMissing === 0 ? 'good' : 'warn', missing: proof?.notesMissing ?? 16 },
    { item: 'sent', level: port.waiting === 0 ? 'good' : 'warn', waiting: port.waiting },
    { item: 'kept', level: persistence === 'granted' ? 'good' : 'warn', code: persistence },
    { item: 'room', level: room !== undefined && room < LEAST_ROOM_BYTES ? 'bad' : 'good', estimate },
  ];
  return { isReady: items.every(({ level }) => level !== 'bad'), items };
}

function listItem(proof: CopyProof | undefined): CheckItem {
  if (proof === undefined) return { item: 'list', level: 'bad', code: 'fault', couples: 0 };
  const { couples, damagedRows, isFetched } = proof;
  if (!isFetched) return { item: 'list', level: 'bad', code: 'missing', couples };
  if (damagedRows > 0) return { item: 'list', level: 'bad', code: 'damaged', couples };
  return { item: 'list', level: 'good', code: 'here', couples };
}
