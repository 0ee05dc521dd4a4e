// Why a delivery stands where it stands: codes in the database, sentences for the photographer.
import { ERROR_CODES } from '@wedsync/shared';

const SENTENCES: Readonly<Record<string, string>> = {
  same: 'Nothing to change: the couple already says this.',
  older: 'A newer message from this source came first.',
  'deleted-later': 'The couple was deleted after this happened, so it was set aside.',
  erased: 'The couple was erased for privacy, so this was dropped.',
  'not-ours': 'It is about something that did not make a couple here.',
  malformed: 'The message could not be read: it is not in the expected form.',
  'unknown-event': 'We do not know this kind of event.',
  'no-client-id': 'The message does not say which couple it is about.',
  'no-changes': 'The message does not say what changed.',
  'unreadable-values': 'None of the values could be read',
  'left-out': 'Some values could not be read and were left out',
  'expression-failed': 'The expression of this source did not work',
  'was-read': 'It only said that something changed; what changed was read',
  'nothing-new': 'It said that something may have changed; nothing had.',
  'needs-account': 'It only says that something changed. Connect the account so that we can read what.',
  'provider-away': 'The other system did not answer; it is asked again.',
  'provider-refused': 'The other system does not let us read any more: connect the account again.',
  'gone-there': 'It does not exist in the other system any more.',
  'unknown-provider': 'This version cannot read messages of this kind of source.',
  'list-gone': 'The list does not exist any more.',
  retrying: 'It could not be written yet and is tried again.',
  failed: 'It could not be written. You can try again.',
  'photo-away': 'The photo could not be fetched yet; it is tried again.',
  'photo-failed': 'The photo could not be fetched; its address did not answer with a picture.',
  'photo-not-kept': 'The photo was fetched but could not be kept yet; it is tried again.',
  'photo-not-image': 'What is at the address of the photo is no JPEG, PNG or WebP picture.',
  'photo-too-large': 'The photo is too large.',
  'photo-forbidden': 'The address of the photo is not a public https address.',
};

/** Why a key was left out, for people; the codes of `changesToFields`. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'unknown-field': 'we have no such field',
  'invalid-value': 'not readable',
  'too-long': 'too long',
  'invalid-email': 'not an e-mail address',
  'invalid-phone': 'not a phone number',
  'invalid-date': 'not a date',
  'ambiguous-date': 'day and month could be either',
  'needs-time-zone': 'a time without its time zone',
  'invalid-time': 'not a time of day',
  'invalid-price': 'not a price',
  'needs-currency': 'a price without its currency',
  'unknown-status': 'we have no such status',
};

/** What a sender calls things, fit to be stored: Postgres takes neither NUL nor half a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** A code with what it is about: names of keys with a code, never values. */
export function toReason(code: string, details: readonly string[] = []): string {
  const listed = details.slice(0, 20).join(', ');
  return storableText(listed === '' ? code : `${code}: ${listed}`);
}

/** A sentence for people per line: what became of the photo stands below what became of the rest. */
export function reasonSentence(reason: string): string {
  return reason.split('\n').map(lineSentence).join(' ');
}

function lineSentence(reason: string): string {
  const [code = '', details] = reason.split(/: (.*)/s);
  const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined;
  if (sentence === undefined) return ERROR_CODES.internal.message;
  const open = sentence.replace(/\.$/, '');
  const readable = details?.replaceAll(
    /\(([a-z-]+)\)/g,
    (_, problem: string) => `(${PROBLEMS[problem] ?? problem})`,
  );
  return readable === undefined || readable === '' ? `${open}.` : `${open}: ${readable}.`;
}
