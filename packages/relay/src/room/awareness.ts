// Presence of a room: who is here and what they edit. The identity in it comes from the verified token: the
// relay writes `user` itself, and a client id belongs to the socket that used it first.
import { WIRE_LIMITS } from '@wedsync/shared';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Principal } from '../auth/principal.ts';
import type { Member } from './fan-out.ts';

/** One entry of an awareness message (y-protocols) as it came: `null` as state means gone. */
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
  /** All states of the room for somebody who joins or asks, as updates that a device takes; none when nobody is there. */
  everybody(): Uint8Array[];
  /** Forgets a member's ids and returns the update that tells the others; undefined when it had none. */
  leave(member: Member): Uint8Array | undefined;
}

/** A device sends the ids of its tabs over one socket; nobody has more tabs of one list open than this. */
const MAX_IDS_PER_MEMBER = 32;
/** What all ids of one socket say, as the relay passes it on: one update of it and of 32 that leave fits a message. */
export const MAX_MEMBER_BYTES = WIRE_LIMITS.awarenessBytes - 1_024;
/** What a room holds of presence, and sends to each who joins: three thousand people with a name and a record. */
export const MAX_ROOM_BYTES = 1024 * 1024;
/** The count in front of the entries of an update. */
const COUNT_BYTES = 5;
const COLOUR = /^#[0-9a-fA-F]{3,8}$/;

interface Known {
  readonly owner: Member;
  readonly clock: number;
  /** The entry as it is passed on. */
  readonly bytes: Uint8Array;
}

interface Ids {
  readonly all: Set<number>;
  bytes: number;
}

class Presence implements RoomAwareness {
  private readonly states = new Map<number, Known>();
  private readonly idsOf = new Map<Member, Ids>();
  private roomBytes = 0;

  receive(member: Member, principal: Principal, update: Uint8Array): AwarenessResult {
    const entries = update.length > WIRE_LIMITS.awarenessBytes ? undefined : decodeEntries(update);
    if (entries === undefined) return { ok: false };
    const passed = new Map<number, Uint8Array>();
    for (const entry of entries) {
      if (!this.accepts(member, entry)) continue;
      const { clientId, clock, state } = entry;
      const bytes = encodeEntry(clientId, clock, state === null ? null : withIdentity(state, principal));
      if (bytes === undefined) return { ok: false };
      if (state === null) this.forget(member, clientId);
      else if (!this.keep(clientId, { owner: member, clock, bytes })) continue;
      if ((this.idsOf.get(member)?.bytes ?? 0) > MAX_MEMBER_BYTES) return { ok: false };
      passed.set(clientId, bytes);
    }
    return { ok: true, update: passed.size > 0 ? joinEntries([...passed.values()]) : undefined };
  }

  everybody(): Uint8Array[] {
    const updates: Uint8Array[] = [];
    let batch: Uint8Array[] = [];
    let size = COUNT_BYTES;
    for (const { bytes } of this.states.values()) {
      if (size + bytes.length > WIRE_LIMITS.awarenessBytes) {
        updates.push(joinEntries(batch));
        batch = [];
        size = COUNT_BYTES;
      }
      batch.push(bytes);
      size += bytes.length;
    }
    return batch.length > 0 ? [...updates, joinEntries(batch)] : updates;
  }

  leave(member: Member): Uint8Array | undefined {
    const gone: Uint8Array[] = [];
    for (const clientId of [...(this.idsOf.get(member)?.all ?? [])]) {
      const bytes = encodeEntry(clientId, this.states.get(clientId)?.clock ?? 0, null);
      if (bytes !== undefined) gone.push(bytes);
      this.forget(member, clientId);
    }
    return gone.length > 0 ? joinEntries(gone) : undefined;
  }

  /** Whether the entry is news from the one who may say it. */
  private accepts(member: Member, { clientId, clock, state }: Entry): boolean {
    const known = this.states.get(clientId);
    if (known === undefined)
      return state !== null && (this.idsOf.get(member)?.all.size ?? 0) < MAX_IDS_PER_MEMBER;
    if (known.owner !== member) return false;
    return clock > known.clock || (clock === known.clock && state === null);
  }

  /** False when the room has no place for it: presence is a convenience, who comes last goes unseen. */
  private keep(clientId: number, known: Known): boolean {
    const before = this.states.get(clientId)?.bytes.length ?? 0;
    const added = known.bytes.length - before;
    if (added > 0 && this.roomBytes + added > MAX_ROOM_BYTES) return false;
    const ids = this.idsOf.get(known.owner) ?? { all: new Set(), bytes: 0 };
    ids.all.add(clientId);
    ids.bytes += added;
    this.roomBytes += added;
    this.idsOf.set(known.owner, ids);
    this.states.set(clientId, known);
    return true;
  }

  private forget(member: Member, clientId: number): void {
    const size = this.states.get(clientId)?.bytes.length ?? 0;
    this.states.delete(clientId);
    this.roomBytes -= size;
    const ids = this.idsOf.get(member);
    if (ids === undefined) return;
    ids.all.delete(clientId);
    ids.bytes -= size;
    if (ids.all.size === 0) this.idsOf.delete(member);
  }
}

export function createRoomAwareness(): RoomAwareness {
  return new Presence();
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

/** Undefined for a state that cannot be written again: `JSON.stringify` gives up on depths that `JSON.parse` takes. */
function encodeEntry(
  clientId: number,
  clock: number,
  state: Record<string, unknown> | null,
): Uint8Array | undefined {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clientId);
  encoding.writeVarUint(encoder, clock);
  try {
    encoding.writeVarString(encoder, JSON.stringify(state));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return encoding.toUint8Array(encoder);
}

function joinEntries(entries: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const entry of entries) encoding.writeUint8Array(encoder, entry);
  return encoding.toUint8Array(encoder);
}
