// A spreadsheet of invented couples, each with its own names, date and address.
const FIRST = [
  'Anna',
  'Béla',
  'Chloé',
  'Dora',
  'Emre',
  'Freya',
  'Göran',
  'Hana',
  'Iris',
  'Jonas',
  'Kofi',
  'Linh',
];
const LAST = ['Adler', 'Brandt', 'Costa', 'Dvořák', 'Eriksen', 'Farkas', 'Grant', 'Haddad', 'Ito', 'Jansen'];
const VENUES = ['Old Mill', 'Lyde Court', 'Kew Gardens', 'Town hall', 'Villa Balbi', 'The orangery'];
const STATUSES = ['enquiry', 'proposal', 'booked', 'completed'];

const pick = (from: readonly string[], n: number): string => from[n % from.length] ?? '';

export function couplesCsv(count: number, start: number): string {
  const lines = [
    'First name,Last name,Partner first name,Partner last name,Email,Wedding date,Venue,Status,Price',
  ];
  for (let n = start; n < start + count; n += 1) {
    const date = new Date(Date.UTC(2026, 0, 1 + (n % 1_500))).toISOString().slice(0, 10);
    const last = `${pick(LAST, n)}-${n}`;
    lines.push(
      [
        pick(FIRST, n),
        last,
        pick(FIRST, n + 5),
        pick(LAST, n + 3),
        `couple${n}@example.com`,
        date,
        pick(VENUES, n),
        pick(STATUSES, n),
        `${1_500 + (n % 40) * 50} EUR`,
      ].join(','),
    );
  }
  return lines.join('\n');
}
