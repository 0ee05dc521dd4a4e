// The activity as a file: CSV for a spreadsheet, JSON for programs.
import { type ActivityEntry, quoteCell, toExportCell } from '@wedsync/shared';
import { activityMessages as words } from '../../i18n/messages/activity.ts';
import type { ListIndex } from '../../session/document-view.ts';
import { activityWords } from './activity-words.ts';

const COLUMNS = [
  'at',
  'who',
  'what',
  'outcome',
  'couple',
  'coupleId',
  'fields',
  'from',
  'reason',
  'count',
] as const;

function toCells(
  entry: ActivityEntry,
  index: Pick<ListIndex, 'get'>,
  personId: string,
): Readonly<Record<(typeof COLUMNS)[number], string>> {
  const { who, did, couple, fields, from } = activityWords(entry, index, personId);
  return {
    at: new Date(entry.at).toISOString(),
    who: entry.who.name ?? who,
    what: did,
    outcome: entry.outcome,
    couple: couple ?? '',
    coupleId: entry.recordId ?? '',
    fields,
    from: from ?? '',
    reason: entry.reason ?? '',
    count: String(entry.count),
  };
}

/** With a byte order mark, so that spreadsheets read names as they are. */
export function toActivityCsv(
  entries: readonly ActivityEntry[],
  index: Pick<ListIndex, 'get'>,
  personId: string,
): Blob {
  const line = (cells: readonly string[]): string =>
    cells.map((cell) => quoteCell(toExportCell(cell), ',')).join(',');
  const lines = [
    line(COLUMNS.map((column) => words.columns[column])),
    ...entries.map((entry) => {
      const cells = toCells(entry, index, personId);
      return line(COLUMNS.map((column) => cells[column]));
    }),
  ];
  return new Blob([`\uFEFF${lines.join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
}

export function toActivityJson(entries: readonly ActivityEntry[]): Blob {
  return new Blob([JSON.stringify(entries, undefined, 2)], { type: 'application/json' });
}
