// Places of sockets that are not let in yet: so many of all addresses together, and a share of them for each address.
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from '../net/guarded-fetch.ts';

export interface OpeningPlacesOptions {
  /** Of all addresses together. */
  readonly max: number;
  /** Of one address. */
  readonly maxPerAddress: number;
  /** A place is free again after so long, whatever its socket waits for. */
  readonly holdMs: number;
  readonly now: () => number;
}

export interface OpeningPlaces {
  /**
   * Takes a place. The function that comes back frees it, once; undefined when there is none.
   *
   * @param address as `addressOf` says it; undefined has no share of its own
   */
  take(address: string | undefined): (() => void) | undefined;
  /** Frees what was held too long; called regularly. */
  sweep(): void;
}

interface Place {
  readonly address: string | undefined;
  readonly since: number;
}

export function createOpeningPlaces(options: OpeningPlacesOptions): OpeningPlaces {
  const { max, maxPerAddress, holdMs, now } = options;
  /** The oldest first. */
  const places = new Set<Place>();
  const counts = new Map<string, number>();

  function free(place: Place): void {
    const { address } = place;
    if (!places.delete(place) || address === undefined) return;
    const count = (counts.get(address) ?? 1) - 1;
    if (count > 0) counts.set(address, count);
    else counts.delete(address);
  }

  return {
    take(address) {
      const count = address === undefined ? 0 : (counts.get(address) ?? 0);
      if (places.size >= max || count >= maxPerAddress) return undefined;
      const place = { address, since: now() };
      places.add(place);
      if (address !== undefined) counts.set(address, count + 1);
      return () => free(place);
    },
    sweep() {
      for (const place of places) {
        if (now() - place.since < holdMs) return;
        free(place);
      }
    },
  };
}

/** Of an IPv6 address, what a provider gives to one household: the rest is its own to choose. */
const HOUSEHOLD_BYTES = 8;

/**
 * Who a share is counted for: the public address nearest to us on the way of a request.
 *
 * HTTPS is somebody else's work, so most sockets come from a proxy beside the relay: one address for all of the world's
 * devices, which must not have to do with one share. A peer on this machine or in its own network is taken for such a
 * proxy, and what it appended to `x-forwarded-for` is believed: from the end, over other near proxies, to the first
 * public address. A peer with a public address is counted by that one, whatever it claims to forward. Where no public
 * address is told (a proxy that sends none, devices in the same house) there is no share, only the limit for all.
 */
export function addressOf(request: Pick<IncomingMessage, 'socket' | 'headers'>): string | undefined {
  // Node joins several such headers with commas.
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const way = [...forwarded.map((part) => part.trim()), request.socket.remoteAddress ?? ''];
  for (const address of way.reverse()) {
    if (!ipaddr.isValid(address)) return undefined;
    if (isPublicAddress(address)) return householdOf(address);
  }
  return undefined;
}

function householdOf(address: string): string {
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return Buffer.from(parsed.toByteArray()).subarray(0, HOUSEHOLD_BYTES).toString('hex');
}
