// CSV text to cells (RFC 4180 and what programs really write): quotes, line breaks inside them, any line ending.

/** A record with its number as a spreadsheet shows it: the first record is 1, blank ones count. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface ParsedCsv {
  readonly rows: readonly CsvRow[];
  /** Records in which a quote opened and never closed; it is taken as a character. */
  readonly unclosedQuotes: readonly number[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Splits text at one delimiter. `maxRows` stops early (for sniffing). */
export function parseCsv(text: string, delimiter: string, maxRows = Number.POSITIVE_INFINITY): ParsedCsv {
  const rows: CsvRow[] = [];
  const unclosedQuotes: number[] = [];
  let cells: string[] = [];
  let at = 0;

  /** Position of the next delimiter or line end from `from` on. */
  function plainEnd(from: number): number {
    let end = from;
    while (end < text.length) {
      const c = text[end];
      if (c === delimiter || c === '\n' || c === '\r') break;
      end += 1;
    }
    return end;
  }

  /** Reads a quoted cell that opens at `at`; undefined when it never closes. */
  function quoted(): string | undefined {
    let value = '';
    let from = at + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) return undefined;
      value += text.slice(from, quote);
      if (text[quote + 1] !== '"') {
        // Whatever stands between the closing quote and the delimiter belongs to the cell.
        const end = plainEnd(quote + 1);
        at = end;
        return value + text.slice(quote + 1, end).trimEnd();
      }
      value += '"';
      from = quote + 2;
    }
  }

  while (at < text.length && rows.length < maxRows) {
    let cell: string | undefined;
    if (text[at] === '"') {
      cell = quoted();
      if (cell === undefined) unclosedQuotes.push(rows.length + 1);
    }
    if (cell === undefined) {
      const end = plainEnd(at);
      cell = text.slice(at, end);
      at = end;
    }
    cells.push(cell);
    const next = text[at];
    if (next === delimiter) {
      at += 1;
      if (at < text.length) continue;
      cells.push(''); // the text ends with a delimiter: one more, empty cell
    } else if (next !== undefined) {
      at += next === '\r' && text[at + 1] === '\n' ? 2 : 1;
    }
    rows.push({ line: rows.length + 1, cells });
    cells = [];
  }
  return { rows, unclosedQuotes };
}

/** Excel's own line for the delimiter: `sep=;`. It is not a row. */
const SEP_LINE = /^\uFEFF?"?sep=(.)"?[ \t;,|]*(?:\r\n|\n|\r|$)/i;

/** The delimiter of a file and its text without a `sep=` line or byte order mark. */
export function findDelimiter(text: string): { readonly delimiter: string; readonly body: string } {
  const declared = SEP_LINE.exec(text);
  if (declared?.[1] !== undefined) return { delimiter: declared[1], body: text.slice(declared[0].length) };
  const body = text.replace(/^\uFEFF/, '');
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = consistency(parseCsv(body, delimiter, 50).rows);
    if (score > best.score) best = { delimiter, score };
  }
  return { delimiter: best.delimiter, body };
}

/** How well records agree on a number of columns above one: the share that does, then the number. */
function consistency(rows: readonly CsvRow[]): number {
  const counts = new Map<number, number>();
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  for (const { cells } of filled) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let best = 0;
  for (const [columns, rowsWith] of counts) {
    if (columns > 1) best = Math.max(best, (rowsWith / filled.length) * 100 + Math.min(columns, 50) / 100);
  }
  return best;
}
