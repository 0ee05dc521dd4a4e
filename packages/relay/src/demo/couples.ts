// The couples of the demo account: invented people, dated around the day on which the account is made, so that the
// list always looks like a season in full swing.
import { readFileSync } from 'node:fs';
import { type Fields, readCsvTable } from '@wedsync/shared';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A line of `couples.csv`: `days` from today or `tbd`, `price` in cents or 0, one `tag` or none, else names of fields. */
type Row = Readonly<Record<string, string>>;

function readRows(): Row[] {
  const { headers, rows } = readCsvTable(readFileSync(new URL('couples.csv', import.meta.url), 'utf8'));
  return rows.map(({ cells }) => Object.fromEntries(headers.map((header, at) => [header, cells[at] ?? ''])));
}

/** The Saturday of the week in so many days: weddings are on Saturdays. Whole days of UTC: a date has no time zone. */
function dateIn(days: number, now: number): string {
  const at = new Date(now + days * DAY_MS);
  at.setUTCDate(at.getUTCDate() + 6 - at.getUTCDay());
  return at.toISOString().slice(0, 10);
}

function addressOf(names: readonly (string | undefined)[]): string {
  const plain = (name = '') =>
    name
      .normalize('NFKD')
      .replaceAll(/[^A-Za-z]/g, '')
      .toLowerCase();
  return `${names
    .map(plain)
    .filter((name) => name !== '')
    .join('.')}@example.com`;
}

/** Fields of all demo couples, oldest enquiry first. @param now ms since 1970 */
export function demoCouples(now: number): Fields[] {
  return readRows().map(({ days, price, tag, ...fields }, index, { length }) => ({
    // An empty text is never written: the field is not there.
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')),
    email: addressOf([fields.firstName, fields.partnerFirstName]),
    ...(index % 4 === 3 ? {} : { phone: `+49 170 55${String(10_000 + index * 137).slice(0, 5)}` }),
    weddingDate: days === 'tbd' ? 'tbd' : dateIn(Number(days), now),
    ...(fields.status === 'booked'
      ? { weddingTime: `${12 + (index % 5)}:${index % 2 === 0 ? '00' : '30'}` }
      : {}),
    ...(price === '0' ? {} : { price: `${price} EUR` }),
    ...(tag === '' ? {} : { [`tag:${tag}`]: true }),
    createdAt: now - (length - index) * 3 * DAY_MS,
  }));
}
