// The common half of all adapters: what a provider's own half found in an event, through the source's mapping to
// fields of a couple.
import { changesToFields, type Fields, type MappingRow, type SourceSettings } from '@wedsync/shared';
import { applyMapping, type Changes, effectiveRows } from '../mapping/apply-mapping.ts';
import { readPath } from '../mapping/path.ts';
import { storableText } from '../reasons.ts';
import type { Adapted, Delivery, EventKind, NotUnderstood } from './adapter.ts';
import { readEventTime } from './instant.ts';
import { firstText, textOf } from './json.ts';

/** Longer ids are nobody's, and would not fit the table's index. */
const MAX_EXTERNAL_ID = 512;
/** What an event name may be shown as. */
const MAX_EVENT_NAME = 100;

export interface Occurrence {
  readonly event: string;
  readonly externalId: string;
  readonly aliases?: readonly string[];
  readonly mergedIds?: readonly string[];
  readonly kind: EventKind;
  /** In any form of `readEventTime`; the first receipt when it cannot be read. */
  readonly occurredAt: unknown;
  /** Whether the event says that the couple is new there. */
  readonly isCreation?: boolean;
  /** What mapping rows and expressions see. */
  readonly payload?: unknown;
  /** In the same form: what stood there before the event. */
  readonly previous?: unknown;
  /** Rows that hold as long as nobody maps otherwise. */
  readonly rows?: readonly MappingRow[];
  /** What the event says by itself, whatever the mapping: `status` of a deal that was won. */
  readonly says?: Changes;
  /** Zone and currency that the event brings along. */
  readonly timeZone?: string;
  readonly currency?: string;
}

export function refuse(
  reason: NotUnderstood,
  known: { event?: string; externalId?: string; problems?: readonly string[] } = {},
): Adapted {
  const { event = '', externalId = '', problems = [] } = known;
  return {
    ok: false,
    reason,
    event: storableText(event.slice(0, MAX_EVENT_NAME)),
    externalId: isUsableId(externalId) ? externalId : '',
    problems,
  };
}

export function isUsableId(externalId: string): boolean {
  return externalId !== '' && externalId.length <= MAX_EXTERNAL_ID && !/[\p{Cc}\p{Cs}]/u.test(externalId);
}

/** What values are read with: the source's settings, and before them what the event itself says. */
function contextOf(settings: SourceSettings, found: Occurrence) {
  const timeZone = found.timeZone ?? settings.timeZone;
  const currency = found.currency ?? settings.currency;
  return {
    ...(timeZone !== undefined && { timeZone }),
    ...(currency !== undefined && { currency }),
    ...(settings.dateOrder !== undefined && { dateOrder: settings.dateOrder }),
  };
}

/** A provider's finding as the event of a couple. */
export function toAdapted(found: Occurrence, delivery: Delivery): Adapted {
  const { settings = {}, receivedAtMs, sourceId } = delivery;
  const event = storableText(found.event.slice(0, MAX_EVENT_NAME));
  const own = settings.externalIdPath;
  const externalId =
    own === undefined ? found.externalId : firstText(readPath(found.payload, own).value, found.externalId);
  if (!isUsableId(externalId)) return refuse('no-client-id', { event });
  const occurredAtMs = Math.min(readEventTime(found.occurredAt) ?? receivedAtMs, receivedAtMs);
  const base = {
    ok: true,
    event,
    externalId,
    kind: found.kind,
    occurredAtMs,
    previous: {},
    problems: [],
    ...(found.aliases && { aliases: found.aliases.filter(isUsableId) }),
    ...(found.mergedIds && { mergedIds: found.mergedIds.filter(isUsableId) }),
  } as const;
  if (found.kind !== 'upsert') return { ...base, fields: {} };

  const rows = effectiveRows(settings.mapping ?? [], found.rows ?? []);
  const context = contextOf(settings, found);
  const changes = {
    ...found.says,
    ...applyMapping(found.payload, rows, context.currency),
    ...delivery.expressed,
  };
  const read = changesToFields(changes, context);
  const before = changesToFields(applyMapping(found.previous, rows, context.currency), context).fields;
  const problems = read.problems.map(({ key, code }) => `${key.slice(0, MAX_EVENT_NAME)} (${code})`);
  const said: Fields = {
    ...read.fields,
    ...(read.notes === undefined ? {} : { [`note:${sourceId}`]: read.notes }),
  };
  if (Object.keys(said).length === 0 && problems.length > 0)
    return refuse('unreadable-values', { event, externalId, problems });
  const isNew = found.isCreation === true && said.createdAt === undefined;
  return {
    ...base,
    fields: isNew ? { createdAt: occurredAtMs, ...said } : said,
    previous: { ...read.previous, ...before },
    problems,
  };
}

/** A mail address as the id of a couple, for sources whose own ids change with every booking. */
export function mailId(value: unknown): string {
  const mail = textOf(value).toLowerCase();
  return /^[^@\s]+@[^@\s]+$/.test(mail) ? `mail:${mail}` : '';
}
