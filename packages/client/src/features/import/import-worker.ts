// Reads and plans an import beside the page, so that it stays alive with thousands of rows.
import {
  type ColumnMapping,
  type CsvTable,
  decodeCsvBytes,
  guessMapping,
  planImport,
  readCsvTable,
} from '@wedsync/shared';
import type { FromImportWorker, ToImportWorker } from './import-messages.ts';

let table: CsvTable | undefined;
const post = (message: FromImportWorker): void => self.postMessage(message);

self.addEventListener('message', ({ data }: MessageEvent<ToImportWorker>) => {
  if (data.type === 'read') {
    const { text } = decodeCsvBytes(new Uint8Array(data.bytes));
    // A binary file has bytes that no text has.
    if (text.includes('\0')) return post({ type: 'unreadable' });
    table = readCsvTable(text);
    const mapping: readonly ColumnMapping[] = guessMapping(table.headers, table.rows.slice(0, 50));
    const samples = table.headers.map(
      (_, column) =>
        table?.rows.find(({ cells }) => (cells[column] ?? '').trim() !== '')?.cells[column]?.trim() ?? '',
    );
    return post({ type: 'table', rowCount: table.rows.length, mapping, samples });
  }
  if (table === undefined) return post({ type: 'unreadable' });
  const { mapping, existing, dateOrder, locale } = data;
  const plan = planImport(table.rows, mapping, {
    existing,
    locale,
    defaultStatus: 'enquiry',
    ...(dateOrder === undefined ? {} : { dateOrder }),
  });
  return post({ type: 'plan', plan });
});
