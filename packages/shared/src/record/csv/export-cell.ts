// Cells of our own export: text stays text when a spreadsheet opens it (SEC-5), and comes back as it was (UI-4).

/** What a spreadsheet could take for a formula, at the beginning of a cell (full-width forms included). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
/** An apostrophe that an import would take away. */
const GUARDED = /^'[=+\-@\t\r＝＋－＠']/;

/** Puts an apostrophe before what could be a formula, and before what would look guarded already. */
export function toExportCell(text: string): string {
  return FORMULA.test(text) || GUARDED.test(text) ? `'${text}` : text;
}

/** The text of a cell: without the apostrophe that guards it. Harmless for other files, which mean the same by it. */
export function fromExportCell(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}

/** A cell in the file: quoted when it must be. */
export function quoteCell(text: string, delimiter: string): string {
  const mustQuote = text.includes(delimiter) || /["\r\n]/.test(text) || text !== text.trim();
  return mustQuote ? `"${text.replace(/"/g, '""')}"` : text;
}
