// The statuses that every list starts with, and what other systems call them.
import { foldText } from './fold.ts';

/** `id` is what is stored; a list may rename them and add its own (`status:<id>` in the list's meta). */
export interface StatusOption {
  readonly id: string;
  readonly label: string;
}

/** In the order of a booking. */
export const DEFAULT_STATUSES = [
  { id: 'enquiry', label: 'Enquiry' },
  { id: 'proposal', label: 'Proposal' },
  { id: 'booked', label: 'Booked' },
  { id: 'completed', label: 'Completed' },
  { id: 'archived', label: 'Archived' },
  { id: 'lost', label: 'Lost' },
] as const satisfies readonly StatusOption[];

export type DefaultStatusId = (typeof DEFAULT_STATUSES)[number]['id'];

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Whether `value` has the form of a status id (a list may have more than the default ones). */
export function isStatusId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** Words of CRMs and spreadsheets, folded, English and German. */
const SYNONYMS: Readonly<Record<DefaultStatusId, string>> = {
  enquiry:
    'inquiry|enquiries|new|new lead|new inquiry|new enquiry|lead|leads|open|prospect|contacted|connected|in progress|subscriber|' +
    'marketing qualified lead|sales qualified lead|attempted to contact|attempting contact|open deal|qualified|' +
    'consultation|follow up|anfrage|neu|neue anfrage|interessent|kontaktiert|in kontakt|erstkontakt|vorgesprach',
  proposal:
    'proposal sent|quote|quoted|quote sent|offer|offer sent|opportunity|negotiation|contract sent|pending|tentative|' +
    'presentation scheduled|decision maker bought in|appointment scheduled|on hold|option|hold|' +
    'angebot|angebot gesendet|angebot verschickt|reserviert|vorgemerkt|in verhandlung',
  booked:
    'confirmed|booking|booking confirmed|booked client|customer|client|active client|won|closed won|contract signed|' +
    'deposit paid|retainer paid|signed|accepted|evangelist|job accepted|project booked|planning|' +
    'gebucht|bestatigt|zugesagt|kunde|gewonnen|angenommen|vertrag unterschrieben|anzahlung erhalten',
  completed:
    'complete|done|delivered|finished|fulfilled|past client|gallery delivered|shot|editing|post production|' +
    'abgeschlossen|erledigt|fertig|geliefert|ausgeliefert',
  archived: 'archive|inactive|archiviert|inaktiv',
  lost:
    'cancelled|canceled|declined|rejected|closed lost|dead|not interested|no response|unqualified|bad timing|' +
    'refunded|postponed indefinitely|abgesagt|storniert|verloren|abgelehnt|kein interesse',
};

const BY_WORD: ReadonlyMap<string, DefaultStatusId> = new Map(
  DEFAULT_STATUSES.flatMap(({ id, label }) =>
    [id, foldText(label), ...SYNONYMS[id].split('|')].map((word) => [word, id] as const),
  ),
);

/** "Closed_Won" and "closed won" are one. */
const toWord = (text: string): string =>
  foldText(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * The status id that a word means: first by id or label of the list's own `options`, then by what other systems
 * call the default ones (as long as the list still has them). Undefined when nothing fits.
 */
export function readStatus(
  text: string,
  options: readonly StatusOption[] = DEFAULT_STATUSES,
): string | undefined {
  const word = toWord(text);
  const own = options.find(
    ({ id, label }) => id === text.trim() || toWord(id) === word || toWord(label) === word,
  );
  if (own !== undefined) return own.id;
  const meant = BY_WORD.get(word);
  return options.some(({ id }) => id === meant) ? meant : undefined;
}
