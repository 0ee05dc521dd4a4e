// Presence of a room: who is here and what they edit. The identity in it comes from the verified token: the
// relay writes `user` itself, and a client id belongs to the socket that used it first.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Principal } from '../auth/principal.ts';
import type { Member } from './fan-out.ts';

/** One entry of an awareness message (y-protocols): `null` as state means gone. */
interface Entry {
  readonly clientId: number;
  readonly clock: number;
  readonly state: Record<string, unknown> | null;
}

export type AwarenessResult =
  /** What to pass on, encoded as an awareness update; undefined when nothing of it counted. */
  | { readonly ok: true; readonly update: Uint8Array | undefined }
  /** Not an awareness message at all, or beyond the limits: the socket is closed. */
  | { readonly ok: false };

export interface RoomAwareness {
  /** Takes what a member says about itself. Entries of other members' ids are left out without a word: stock
   * providers repeat what they hear about others. */
  receive(member: Member, principal: Principal, update: Uint8Array): AwarenessResult;
  /** All states of the room for somebody who joins or asks; undefined when nobody is there. */
  everybody(): Uint8Array | undefined;
  /** Forgets a member's ids and returns the update that tells the others; undefined when it had none. */
  leave(member: Member): Uint8Array | undefined;
}

/** A device sends the ids of its tabs over one socket; nobody has more tabs of one list open than this. */
const MAX_IDS_PER_MEMBER = 32;
/** A cursor, a name, the record in hand: generous for that, too small to be used as storage. */
export const MAX_AWARENESS_BYTES = 16 * 1024;
const COLOUR = /^#[0-9a-fA-F]{3,8}$/;

interface Known {
  readonly owner: Member;
  readonly clock: number;
  readonly state: Record<string, unknown>;
}

export function createRoomAwareness(): RoomAwareness {
  const states = new Map<number, Known>();
  const idsOf = new Map<Member, Set<number>>();

  function claim(member: Member, clientId: number): void {
    const ids = idsOf.get(member) ?? new Set();
    idsOf.set(member, ids.add(clientId));
  }

  function release(member: Member, clientId: number): void {
    const ids = idsOf.get(member);
    ids?.delete(clientId);
    if (ids?.size === 0) idsOf.delete(member);
  }

  /** Whether the entry is news from the one who may say it. */
  function accepts(member: Member, { clientId, clock, state }: Entry): boolean {
    const known = states.get(clientId);
    if (known === undefined) return state !== null && (idsOf.get(member)?.size ?? 0) < MAX_IDS_PER_MEMBER;
    if (known.owner !== member) return false;
    return clock > known.clock || (clock === known.clock && state === null);
  }

  return {
    receive(member, principal, update) {
      const entries = update.length > MAX_AWARENESS_BYTES ? undefined : decodeEntries(update);
      if (entries === undefined) return { ok: false };
      const passed: Entry[] = [];
      for (const entry of entries) {
        if (!accepts(member, entry)) continue;
        const { clientId, clock } = entry;
        const state = entry.state === null ? null : withIdentity(entry.state, principal);
        if (state === null) {
          states.delete(clientId);
          release(member, clientId);
        } else {
          states.set(clientId, { owner: member, clock, state });
          claim(member, clientId);
        }
        passed.push({ clientId, clock, state });
      }
      return { ok: true, update: passed.length > 0 ? encodeEntries(passed) : undefined };
    },
    everybody() {
      if (states.size === 0) return undefined;
      return encodeEntries([...states].map(([clientId, { clock, state }]) => ({ clientId, clock, state })));
    },
    leave(member) {
      const gone: Entry[] = [];
      for (const clientId of idsOf.get(member) ?? []) {
        gone.push({ clientId, clock: states.get(clientId)?.clock ?? 0, state: null });
        states.delete(clientId);
      }
      idsOf.delete(member);
      return gone.length > 0 ? encodeEntries(gone) : undefined;
    },
  };
}

/** A service speaks for others and is believed; of a person only the colour is taken from what the device says. */
function withIdentity(state: Record<string, unknown>, principal: Principal): Record<string, unknown> {
  if (principal.kind === 'service') return state;
  const said = state.user;
  const colour = typeof said === 'object' && said !== null && 'color' in said ? said.color : undefined;
  const user = {
    id: principal.userId,
    name: principal.name,
    ...(typeof colour === 'string' && COLOUR.test(colour) ? { color: colour } : {}),
  };
  return { ...state, user };
}

function decodeEntries(update: Uint8Array): Entry[] | undefined {
  try {
    const decoder = decoding.createDecoder(update);
    const count = decoding.readVarUint(decoder);
    if (count > update.length) return undefined;
    const entries: Entry[] = [];
    for (let index = 0; index < count; index += 1) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const state: unknown = JSON.parse(decoding.readVarString(decoder));
      if (typeof state !== 'object' || Array.isArray(state)) return undefined;
      entries.push({ clientId, clock, state: state as Record<string, unknown> | null });
    }
    return decoding.hasContent(decoder) ? undefined : entries;
  } catch {
    // Whatever a decoder or JSON.parse throws means the same here: these bytes are no awareness update.
    return undefined;
  }
}

function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { clientId, clock, state } of entries) {
    encoding.writeVarUint(encoder, clientId);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  }
  return encoding.toUint8Array(encoder);
}
