// Why a delivery stands where it stands: codes in the database, sentences for the photographer.
import { ERROR_CODES } from '@wedsync/shared';

const SENTENCES: Readonly<Record<string, string>> = {
  same: 'Nothing to change: the couple already says this.',
  older: 'A newer message from this source came first.',
  'deleted-later': 'The couple was deleted after this happened, so it was set aside.',
  erased: 'The couple was erased for privacy, so this was dropped.',
  malformed: 'The message could not be read: it is not in the expected form.',
  'unknown-event': 'We do not know this kind of event.',
  'no-client-id': 'The message does not say which couple it is about.',
  'no-changes': 'The message does not say what changed.',
  'unreadable-values': 'None of the values could be read',
  'left-out': 'Some values could not be read and were left out',
  'unknown-provider': 'This version cannot read messages of this kind of source.',
  'list-gone': 'The list does not exist any more.',
  retrying: 'It could not be written yet and is tried again.',
  failed: 'It could not be written. You can try again.',
};

/** A code with what it is about: names of keys, never values. */
export function toReason(code: string, details: readonly string[] = []): string {
  const listed = details.slice(0, 20).join(', ');
  return listed === '' ? code : `${code}: ${listed}`;
}

/** A sentence for people. */
export function reasonSentence(reason: string): string {
  const [code = '', details] = reason.split(/: (.*)/s);
  const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined;
  if (sentence === undefined) return ERROR_CODES.internal.message;
  const open = sentence.replace(/\.$/, '');
  return details === undefined || details === '' ? `${open}.` : `${open}: ${details}.`;
}
