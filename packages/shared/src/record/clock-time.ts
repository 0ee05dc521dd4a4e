// Times of day as text, `HH:MM`, without date or zone: when the wedding begins, where it takes place.
import { asciiDigits, foldText } from './fold.ts';

const FORM = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const TYPED =
  /^(\d{1,2})(?:(?:[:.h]| h )(\d{2})?|(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?:([ap])\.?\s?m?\.?|uhr|h|hrs?|o'?clock)?$/;

/** Whether `value` is `HH:MM`, 00:00 to 23:59. */
export function isClockTime(value: unknown): value is string {
  return typeof value === 'string' && FORM.test(value);
}

/** Reads "14:30", "2:30 pm", "2pm", "14h30", "14.30 Uhr", "1430", "noon"; undefined for what is no time of day. */
export function readClockTime(input: string): string | undefined {
  if (input.length > 40) return undefined;
  const text = foldText(asciiDigits(input)).replace(/\u200f/g, '');
  if (text === 'noon' || text === 'mittag' || text === 'midday') return '12:00';
  if (text === 'midnight') return '00:00';
  const match = TYPED.exec(text);
  if (match === null) return undefined;
  const [, hourText = '', separated, joined, half] = match;
  if (joined !== undefined && hourText.length + joined.length < 3) return undefined;
  let hours = Number(hourText);
  const minutes = Number(separated ?? joined ?? '0');
  // A bare number is no time: "14" could be anything, "2pm" and "14h" could not.
  const isBare = separated === undefined && joined === undefined && /^\d+$/.test(text);
  if (isBare || minutes > 59 || (half !== undefined && (hours < 1 || hours > 12))) return undefined;
  if (half !== undefined) hours = (hours % 12) + (half === 'p' ? 12 : 0);
  const time = `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
  return FORM.test(time) ? time : undefined;
}
