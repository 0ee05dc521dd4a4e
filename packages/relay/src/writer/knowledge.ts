// What SQL knows of the records that a batch of events may mean, kept up to date while the batch runs: later events
// see what the ones before them did.
import { isBase, type LiveValue, stampKey } from '@wedsync/shared';
import type { EventBatch } from './event.ts';
import { CREATED_FIELD } from './history-row.ts';

export class Knowledge {
  /** External id to record id. */
  readonly links: Map<string, string>;
  /** By record, then field. */
  readonly #watermarks = new Map<string, Map<string, number>>();
  readonly #stored = new Map<string, number>();

  constructor({ context }: Pick<EventBatch, 'context'>) {
    this.links = new Map(Object.entries(context.links));
    for (const [recordId, field, hlc] of context.watermarks) this.advance(recordId, { [field]: hlc });
    for (const [recordId, field, hlc, actor, atMs] of context.stored)
      this.#stored.set(`${recordId} ${stampKey(hlc, actor)} ${field}`, atMs);
  }

  /** Highest stamp of the source dealt with, per field. */
  watermarks(recordId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#watermarks.get(recordId) ?? []);
  }

  advance(recordId: string, to: Readonly<Record<string, number>>): void {
    const known = this.#watermarks.get(recordId) ?? new Map<string, number>();
    for (const [field, hlc] of Object.entries(to)) known.set(field, Math.max(known.get(field) ?? 0, hlc));
    this.#watermarks.set(recordId, known);
  }

  /** When a value was first stored, UTC ms; undefined when nobody knows, which counts as fresh. */
  storedAt(recordId: string, field: string, value: LiveValue): number | undefined {
    const name = isBase(value.entry) ? CREATED_FIELD : field;
    return this.#stored.get(`${recordId} ${stampKey(value.hlc, value.actor)} ${name}`);
  }
}
