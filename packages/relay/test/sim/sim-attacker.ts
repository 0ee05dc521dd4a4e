// A member of the list with a broken app, on lines of their own: everything they send goes through the session like
// a device's message, and the answer is looked at right away.
import { CLOSE, closeCode, decodeMessage, type WireMessage } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import { expect } from 'vitest';
import type { Quarantined } from '../../src/session/services.ts';
import { makeHonest, makePoison, POISON_KINDS, type Poison, toMessage } from './poison.ts';
import type { Line, SimRelay } from './sim-relay.ts';

export const ATTACKER = 'mallory';

export interface SimAttacker {
  /** Opens a line, or sends something over the open one. */
  attack(): void;
  leave(): void;
  /** How often each kind was refused. */
  readonly refused: ReadonlyMap<string, number>;
  /** The bytes of what was refused, when nobody else can have written them. */
  readonly bytes: readonly Buffer[];
}

export interface SimAttackerOptions {
  readonly random: Random;
  readonly documentId: string;
  readonly now: () => number;
  readonly frameBytes: number;
  readonly pickRelay: () => SimRelay;
  /** What the relays keep for the owner. */
  readonly quarantined: readonly Quarantined[];
}

interface Connection {
  readonly line: Line;
  readonly relay: SimRelay;
  readonly access: 'write' | 'read';
  sent: number;
}

export function createSimAttacker(options: SimAttackerOptions): SimAttacker {
  const { random, documentId, quarantined } = options;
  const refused = new Map<string, number>();
  const bytes: Buffer[] = [];
  let connection: Connection | undefined;

  function leave(): void {
    connection?.line.cut();
    connection = undefined;
  }

  function connect(): void {
    const relay = options.pickRelay();
    const access = random.chance(0.2) ? 'read' : 'write';
    connection = { line: relay.connect(ATTACKER, access), relay, access, sent: 0 };
  }

  /** All that the relay has said until now. */
  function hear({ down }: Line): WireMessage[] {
    return down.splice(0).map((message) => {
      const decoded = decodeMessage(message);
      if (!decoded.ok) throw new Error(`the relay sent what cannot be read: ${decoded.code}`);
      return decoded.message;
    });
  }

  /** Sends it, and holds the answer against what has to come. */
  function send(to: Connection, kind: string, poison: Poison, step: 'update' | 'step2', isFinal: boolean) {
    const { line, access } = to;
    const isNumbered = poison.spoil !== undefined || random.chance(0.7);
    const n = isNumbered ? to.sent + 1 : undefined;
    if (isNumbered) to.sent += 1;
    const kept = quarantined.length;
    if (poison.isCommon !== true) bytes.push(Buffer.from(poison.update));
    const message = toMessage(poison, step, n);
    line.up.push(message);
    line.deliverUp();
    const answers = hear(line);
    const isForbidden = access === 'read' && poison.spoil === undefined;
    const codes = (isForbidden ? ['forbidden' as const] : poison.codes).map((name) => CLOSE[name]);
    const isRetryable = !isForbidden && (kind === 'damagedFrame' || (poison.isGap === true && !isFinal));
    const what = `${kind} of one who may ${access}`;
    refused.set(kind, (refused.get(kind) ?? 0) + 1);

    if (isNumbered) {
      const answer = answers.find((heard) => heard.type === 'refused');
      expect(answer, what).toMatchObject({ type: 'refused', n, retryable: isRetryable });
      expect(codes, what).toContain(answer?.code);
      expect(line.closeCode, `${what} does not end the socket`).toBeUndefined();
    } else if (isForbidden) {
      expect(answers, what).toContainEqual({ type: 'auth-denied', reason: 'forbidden' });
    } else if (!isRetryable) {
      // A gap for ever is bad bytes to somebody who knows no numbers.
      expect(poison.isGap === true ? [CLOSE['bad-update']] : codes, what).toContain(line.closeCode);
    }
    if (poison.isGap === true && isRetryable) expect(answers.at(-1)?.type, what).toBe('sync-step1');
    const isKept = access === 'write' && !isRetryable;
    expect(quarantined.length - kept, `${what} is kept for the owner`).toBe(isKept ? 1 : 0);
    if (!isKept) return;
    const last = quarantined.at(-1);
    expect(last, what).toMatchObject({ documentId, sender: ATTACKER });
    expect(codes, what).toContain(last && CLOSE[last.code]);
    expect(last?.detail, what).not.toBe('');
    // Of what could not be read, all that came.
    const whole = poison.spoil === undefined ? poison.update : message;
    expect(Buffer.from(last?.data ?? []).equals(whole), what).toBe(true);
    expect(last && closeCode(CLOSE[last.code])?.retryable === true, what).toBe(poison.isGap === true);
  }

  function sendOne(to: Connection): void {
    const { line, access } = to;
    const room = to.relay.rooms.registry.get(documentId);
    if (room === undefined || !line.isLive()) return;
    hear(line);
    const { clocks } = room.guard;
    const context = { random, nowMs: options.now(), clocks, frameBytes: options.frameBytes };
    const kind = random.pick(POISON_KINDS);
    // Nothing to delete.
    if (kind === 'bareDeletion' && clocks.size === 0) return;
    if (access === 'read' && random.chance(0.5)) {
      send(to, 'viewer', makeHonest(context), 'update', false);
      return;
    }
    const poison = makePoison(kind, context);
    send(to, kind, poison, 'update', false);
    if (poison.isGap === true && line.isLive()) send(to, kind, poison, 'step2', true);
  }

  return {
    refused,
    bytes,
    leave,
    attack() {
      if (connection !== undefined && (connection.line.closeCode !== undefined || connection.line.isOrphan()))
        leave();
      if (connection === undefined) {
        connect();
        return;
      }
      for (let left = 1 + random.int(3); left > 0; left -= 1) sendOne(connection);
    },
  };
}
