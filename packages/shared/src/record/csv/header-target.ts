// What a column's header means, in the words of CRMs and of people's own spreadsheets (English and German).
import { foldText } from '../fold.ts';

/** What the import can do with a column: a field of ours, a part of the names, or something that leads to one. */
export const CSV_TARGETS = [
  { target: 'name', label: 'Name of the person or couple' },
  { target: 'firstName', label: 'First name' },
  { target: 'lastName', label: 'Last name' },
  { target: 'partnerName', label: "Partner's name" },
  { target: 'partnerFirstName', label: "Partner's first name" },
  { target: 'partnerLastName', label: "Partner's last name" },
  { target: 'projectName', label: 'Project name (“Maya & Chris”)' },
  { target: 'email', label: 'E-mail' },
  { target: 'partnerEmail', label: 'Second e-mail' },
  { target: 'phone', label: 'Phone' },
  { target: 'partnerPhone', label: 'Second phone' },
  { target: 'weddingDate', label: 'Wedding date' },
  { target: 'weddingTime', label: 'Time' },
  { target: 'venue', label: 'Venue' },
  { target: 'status', label: 'Status' },
  { target: 'bookedDate', label: 'Date of booking (makes it booked)' },
  { target: 'packageName', label: 'Package' },
  { target: 'price', label: 'Price' },
  { target: 'tags', label: 'Tags' },
  { target: 'leadSource', label: 'Found us by' },
  { target: 'photo', label: 'Photo' },
  { target: 'createdAt', label: 'Created' },
  { target: 'notes', label: 'Notes' },
  { target: 'externalId', label: 'Id in the other system' },
  { target: 'recordId', label: 'WedSync id' },
  { target: 'ignore', label: 'Do not import' },
] as const;

/** A target, or the name of a field family of our own export (`x:…`, `ext:…`, `note:…`). */
export type CsvTarget =
  | (typeof CSV_TARGETS)[number]['target']
  | `x:${string}`
  | `ext:${string}`
  | `note:${string}`;

export interface HeaderMeaning {
  readonly target: CsvTarget;
  /** How much the words say: of two columns for one target the one that says more wins. */
  readonly weight: number;
}

/** "clientFirst_Name (required)*" becomes "client first name". */
export function headerWords(header: string): string {
  const spaced = header
    .slice(0, 200)
    .replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return foldText(spaced)
    .replace(/'s\b/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\b(?:your|the|please|enter|what is|ihr|ihre|dein|deine|eure?|der|die|das)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

type Rule = readonly [target: CsvTarget, weight: number, pattern: RegExp];

/** Columns that look like ours and are not. First of all rules. */
const NOT_OURS =
  /\b(?:owner|modified|updated|associated|balance|deposit|outstanding|anzahlung|restbetrag|offener betrag|due|invoice|rechnung|unsubscribed?|consent|einwilligung|zip|postcode|postal|plz|postleitzahl|street|strasse|city|stadt|wohnort|country|land|birthday|geburtstag|birth|last contacted|last activity|next activity|expense|mileage|zustandiger|eigentumer|geandert|password|company|firma)\b|^(?:website|url)(?: url)?$/;

const SECOND_PERSON =
  /\b(?:partner(?:in)?(?! 1)|spouse|groom|brautigam|husband|fiancee?|ehemann|person 2|client 2|contact 2|name 2|secondary|second)\b/;
const FIRST_PERSON =
  /\b(?:bride|braut|wife|ehefrau|partner(?:in)? 1|person 1|client 1|contact 1|name 1|primary)\b/;

const FIRST_NAME = /\b(?:first ?names?|given name|forename|vornamen?)\b/;
const LAST_NAME = /\b(?:last ?name|surname|family name|nachname|familienname|zuname)\b/;
const BOTH_NAMES = /\bfirst (?:and )?last names?\b|\bvor (?:und )?nachnamen?\b|\bvorname (?:und )?nachname\b/;
const EMAIL = /\b(?:e ?mails?|email\w*|mail)\b/;
const PHONE =
  /\b(?:phone|mobile|cell|cellphone|tel|telephone|telefon|telefonnummer|telefonnr|handy|handynummer|mobil|mobilnummer|mobiltelefon|mobiltelefonnummer|rufnummer|whatsapp)\b/;

const RULES: readonly Rule[] = [
  ['recordId', 9, /^wed ?sync id$/],
  [
    'externalId',
    5,
    /^(?:(?:record|contact|lead|client|customer|project|job|external|datensatz|kunden|kontakt) )?id$/,
  ],
  [
    'externalId',
    4,
    /^(?:kundennummer|kundennr|kunden nr|client number|reference|job number|auftragsnummer)$/,
  ],
  ['notes', 4, /\bopen text\b/],
  [
    'createdAt',
    6,
    /\b(?:created?|creation|erstellt|erstellungsdatum|angelegt|added|submitted|submission|timestamp|zeitstempel|received|eingang)\b/,
  ],
  [
    'createdAt',
    5,
    /\b(?:inquiry|enquiry|lead) date\b|\bdate of (?:inquiry|enquiry)\b|\banfrage(?:datum| vom| am)\b/,
  ],
  [
    'bookedDate',
    5,
    /\b(?:booked|booking|contract signed|signed|contract) (?:date|on|at)\b|\bdate (?:booked|signed)\b|\b(?:gebucht|gebucht am|buchungsdatum|vertragsdatum|vertrag vom)\b/,
  ],
  [
    'weddingDate',
    6,
    /\bwedding ?(?:date|day)\b|\bhochzeits?(?:datum|tag|termin)\b|\bdate of wedding\b|\b(?:datum|tag) hochzeit\b|\btraudatum\b|\btrautermin\b/,
  ],
  [
    'weddingDate',
    5,
    /\b(?:project|event|ceremony|shoot|job|session|main shoot) date\b|^main shoot$|\bdate of event\b|^(?:event|veranstaltungs?)(?: ?datum|date)$/,
  ],
  [
    'weddingTime',
    4,
    /\b(?:ceremony|wedding|start|event) time\b|^(?:time|uhrzeit|beginn|startzeit)$|\b(?:trauung|hochzeit) (?:um|uhrzeit|beginn)\b/,
  ],
  [
    'leadSource',
    5,
    /\b(?:lead|original|traffic) source\b|\breferr(?:al|ed|er)\b|\bhow did you\b|\bhear about\b|\bfound us\b|\baufmerksam\b|\bempfehlung\b|\bempfohlen\b/,
  ],
  ['leadSource', 3, /^(?:source|quelle|herkunft|woher|channel|kanal)$/],
  ['status', 6, /^(?:status|lifecycle stage|lifecycle phase|lead stage)$/],
  ['status', 4, /\b(?:status|stage|phase|pipeline)\b/],
  [
    'price',
    5,
    /\b(?:total|project|package|deal|job|contract|booking|wedding) (?:value|price|amount|fee|total|cost)\b|\btotal project value\b|\b(?:gesamt|paket|auftrags)(?:preis|betrag|summe|wert)\b/,
  ],
  [
    'price',
    4,
    /^(?:price|preis|total|amount|betrag|summe|fee|honorar|value|wert|gesamt|gesamtpreis|kosten|cost|quote)$/,
  ],
  ['packageName', 4, /\b(?:package|paket|collection|produkt|product|leistung)\b/],
  ['tags', 4, /\b(?:tags?|labels?|schlagwort|schlagworte|schlagworter|stichworte)\b/],
  ['photo', 3, /\b(?:photo|image|picture|avatar|foto|bild) ?(?:url|link)?\b$/],
  [
    'venue',
    5,
    /\bvenues?\b|\b(?:hochzeits|trau|veranstaltungs|feier)(?:ort|location)\b|\b(?:wedding|event|ceremony|reception|shoot) (?:location|place)\b|\bwhere\b.*\bmarr(?:y|ied)\b/,
  ],
  ['venue', 3, /^(?:location|locations?|ort|place|where|wo|lokation|trauung ort)$/],
  [
    'notes',
    4,
    /\b(?:notes?|comments?|notiz|notizen|bemerkung|bemerkungen|anmerkung|anmerkungen|kommentar|kommentare|message|nachricht|details|additional|sonstiges|infos?)\b|^tell us\b|^anything else\b/,
  ],
  [
    'projectName',
    5,
    /\b(?:project|job|event|deal|opportunity|shoot) (?:name|title)\b|\bprojekt ?name\b|\bauftrags?name\b|^(?:project|projekt|job|deal|auftrag)$/,
  ],
  [
    'name',
    6,
    /\b(?:couples?|brautpaar|paar|bride and groom|bride groom|braut und brautigam|braut brautigam|full name|names|namen|vor und nachname)\b/,
  ],
  ['weddingDate', 3, /^(?:wedding|hochzeit|trauung|date|datum|termin|big day)$/],
  [
    'name',
    4,
    /^(?:(?:client|customer|contact|kunde|kunden|kontakt|lead) ?)?(?:name|full name)$|^(?:clients?|customers?|kunden?|contact|kontakt)$/,
  ],
];

/** Names, mail and phone of one of two people. */
function personMeaning(words: string): HeaderMeaning | undefined {
  const both = /\b(?:bride|braut)\b.*\b(?:groom|brautigam)\b/.test(words);
  const isSecond = !both && SECOND_PERSON.test(words) && !FIRST_PERSON.test(words);
  const isOther = isSecond || / 2$/.test(words);
  if (EMAIL.test(words)) return { target: isOther ? 'partnerEmail' : 'email', weight: 5 };
  if (PHONE.test(words) && !/\b(?:date|call|consult\w*)\b/.test(words)) {
    return { target: isOther ? 'partnerPhone' : 'phone', weight: /mobil|cell|handy/.test(words) ? 5 : 6 };
  }
  const isFirst = FIRST_NAME.test(words);
  const isLast = LAST_NAME.test(words);
  // One column for both, as in "Vor- und Nachname".
  if ((isFirst && isLast) || BOTH_NAMES.test(words))
    return { target: isSecond ? 'partnerName' : 'name', weight: 5 };
  if (isFirst) return { target: isSecond ? 'partnerFirstName' : 'firstName', weight: 5 };
  if (isLast) return { target: isSecond ? 'partnerLastName' : 'lastName', weight: 5 };
  if (both || /\b(?:date|datum|time|venue|location|ort|source|address|adresse)\b/.test(words))
    return undefined;
  const isOnlyPerson = words
    .replace(SECOND_PERSON, '')
    .replace(FIRST_PERSON, '')
    .replace(/\b(?:full )?name\b|\bof\b|\bcontact\b|\bclient\b|\d/g, '')
    .trim();
  if (isOnlyPerson !== '') return undefined;
  if (isSecond) return { target: 'partnerName', weight: 5 };
  return FIRST_PERSON.test(words) ? { target: 'name', weight: 5 } : undefined;
}

/** What a header means; undefined when nothing is known about it. `ignore` is for columns known not to be ours. */
export function headerMeaning(header: string): HeaderMeaning | undefined {
  const family = /^(x|ext|note):[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.exec(header.trim());
  if (family !== null) return { target: header.trim() as CsvTarget, weight: 9 };
  const words = headerWords(header);
  if (words === '') return undefined;
  if (NOT_OURS.test(words)) return { target: 'ignore', weight: 0 };
  const person = personMeaning(words);
  if (person !== undefined) return person;
  for (const [target, weight, pattern] of RULES) if (pattern.test(words)) return { target, weight };
  return undefined;
}
