// Text that stands for "no value": what forms, CRMs and spreadsheets write in place of nothing.
import { foldText } from './fold.ts';

const list = (text: string): string[] => text.split('|').map((phrase) => phrase.trim());

/** No value of any field, in any case. Folded, without dots. */
const ALWAYS: ReadonlySet<string> = new Set([
  ...list(
    'tbd|tbc|tba|n/a|undefined|unspecified|(blank)|(none)|(empty)|(null)|(unknown)|<null>|<none>|[null]',
  ),
  ...list(
    '[object object]|not available|not applicable|not set|not provided|not specified|not given|no value',
  ),
  ...list('not known|not sure|not sure yet|not decided|not decided yet|undecided|not yet|no answer|no data'),
  ...list('to be decided|to be determined|to be confirmed|to be announced|to be defined|to be arranged'),
  ...list('to be advised|to follow|date to be decided|invalid date|0000-00-00|00/00/0000'),
  ...list('ka|k a|keine angabe|keine angaben|unbekannt|noch offen|noch unbekannt|steht noch nicht fest'),
  ...list('noch nicht bekannt|wird noch bekannt gegeben|nicht angegeben|nicht bekannt|nicht festgelegt'),
  ...list('a definir|a determiner|a confirmer|non defini|non renseigne|inconnu|inconnue'),
  ...list('por definir|por confirmar|por determinar|sin definir|sin datos|desconocido|desconocida'),
]);

/** Names of real people, too (Na, Null, Nan, Offen): as names they count only in all lower or all upper case. */
const ALSO_NAMES: ReadonlySet<string> = new Set(
  list('na|null|nil|nan|none|unknown|offen|folgt|leer|blank|empty'),
);

/** Errors of spreadsheet formulas: #ERROR!, #N/A, #REF!, #DIV/0! and the like. */
const SPREADSHEET_ERROR =
  /^#(error|n\/a|na|ref|value|name|div\/0|null|num|spill|calc|field|blocked|connect|getting_data|unknown)[!?]?$/i;

/** Only dashes, dots, question marks and the like. */
const ONLY_MARKS = /^[\p{P}\p{S}\s]*$/u;
const HAS_EMOJI = /\p{Extended_Pictographic}/u;

/** Whether a cell holds the error of a spreadsheet formula: a value was lost before it came here. */
export function isSpreadsheetError(text: string): boolean {
  return SPREADSHEET_ERROR.test(text.trim());
}

/**
 * Whether `text` says "nothing here" (empty, "TBD", "null", "#ERROR!", "n/a", "-", …). With `as: 'name'`, words
 * that are people's names as well count only when written in one case throughout.
 */
export function isPlaceholder(text: string, as: 'value' | 'name' = 'value'): boolean {
  const folded = foldText(text).replace(/\./g, '').trim();
  if (ONLY_MARKS.test(folded)) return !HAS_EMOJI.test(text);
  if (ALWAYS.has(folded) || isSpreadsheetError(text)) return true;
  if (!ALSO_NAMES.has(folded)) return false;
  const trimmed = text.trim();
  return as === 'value' || trimmed === trimmed.toLowerCase() || trimmed === trimmed.toUpperCase();
}
