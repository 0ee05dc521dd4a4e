// Text folded for searching, sorting and matching: case, accents, width and compatibility forms do not count.

/** Letters that NFKD leaves alone though people type them plain. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
};
const SPECIAL = /[ßæœøłđðþıħŧ]/g;
const MARKS = /[\p{Mn}\u200c-\u200f]/gu;
// Plain ASCII is most of a list, and needs none of the rest.
const ASCII = /^[ -~]*$/;

/** "  Zoë  VAN den Berg" becomes "zoe van den berg". Idempotent. */
export function foldText(text: string): string {
  if (ASCII.test(text)) {
    const lower = text.toLowerCase().trim();
    return lower.includes('  ') ? lower.replace(/ +/g, ' ') : lower;
  }
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(SPECIAL, (letter) => PLAIN[letter] ?? letter)
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

/** Decimal digits of other scripts that people type, as ASCII digits; all else stays. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = [0x660, 0x6f0, 0x966, 0xff10].find((start) => code >= start && code < start + 10) ?? code;
    return String(code - zero);
  });
}
