// Twelve invented couples for looking around, with dates around today, so that every view has something to show.
import type { ImportRow } from '../session/list-session.ts';

type Demo = readonly [
  first: string,
  last: string,
  partner: string,
  partnerLast: string,
  inDays: number | 'tbd',
  venue: string,
  status: string,
  price: number,
  tags: string,
];

const DEMO: readonly Demo[] = [
  ['Maya', 'Torres', 'Chris', 'Novak', 12, 'The Old Mill, Bath', 'booked', 320000, 'film, two photographers'],
  ['Zoë', 'van den Berg', 'Tom', 'Fletcher', 40, 'Lyde Court', 'booked', 285000, 'film'],
  [
    'Amara',
    'Osei',
    'Daniel',
    'Hughes',
    68,
    'Kew Gardens, London',
    'booked',
    410000,
    'album, two photographers',
  ],
  ['Ngọc Anh', 'Nguyễn', 'Lukas', 'Brandt', 96, 'Schloss Sanssouci, Potsdam', 'proposal', 365000, 'abroad'],
  [
    'Freya',
    'Lund',
    'Jonas',
    'Meyer',
    131,
    'Akershus Fortress, Oslo',
    'booked',
    298000,
    'abroad, winter light',
  ],
  [
    'José Ángel',
    'Núñez',
    'Marie-Claire',
    'D’Arcy',
    168,
    'Château de Réaux',
    'booked',
    520000,
    'abroad, album',
  ],
  ['Siobhán', 'O’Brien', '', '', 205, 'Ashford Castle', 'enquiry', 0, ''],
  ['Leila', 'Haddad', 'Omar', 'Said', 240, 'Dar El Jeld, Tunis', 'proposal', 440000, 'abroad'],
  ['Hannah', 'Weiss', 'Jakob', 'Lindqvist', 299, 'Gut Sonnenhausen', 'enquiry', 0, 'outdoors'],
  ['Priya', 'Raman', 'Sam', 'Whitlock', 'tbd', '', 'enquiry', 0, ''],
  ['Anna', 'Kiss', 'Béla', 'Szabó', -24, 'Gundel, Budapest', 'completed', 260000, 'album'],
  [
    'Rosa',
    'Marchetti',
    'Eleanor',
    'Shaw',
    -61,
    'Villa Cimbrone, Ravello',
    'completed',
    610000,
    'abroad, film',
  ],
];

/** Rows to import; `today` is any time of the reader's day. */
export function demoCouples(today: Date): ImportRow[] {
  return DEMO.map(
    ([firstName, lastName, partnerFirstName, partnerLastName, inDays, venue, status, price, tags]) => ({
      fields: {
        firstName,
        lastName,
        status,
        weddingDate: inDays === 'tbd' ? 'tbd' : dateIn(today, inDays),
        email: `${plain(firstName)}.${plain(lastName)}@example.com`,
        ...(partnerFirstName === '' ? {} : { partnerFirstName, partnerLastName }),
        ...(venue === '' ? {} : { venue }),
        ...(price === 0 ? {} : { price: `${price} GBP` }),
        ...Object.fromEntries(
          tags
            .split(', ')
            .filter((tag) => tag !== '')
            .map((tag) => [`tag:${tag}`, true]),
        ),
      },
    }),
  );
}

/** The calendar date some days from today, moved to the Saturday of that week: weddings are on Saturdays. */
function dateIn(today: Date, days: number): string {
  const at = new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate() + days));
  at.setUTCDate(at.getUTCDate() + (6 - at.getUTCDay()));
  return at.toISOString().slice(0, 10);
}

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
