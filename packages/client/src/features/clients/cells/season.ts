// The colour of a wedding's season, and the initial of a name in any script.

/** Hue (oklch degrees) by month, January first: ice, violet dusk, spring green, high-summer gold, russet, night. */
const HUES = [245, 285, 165, 145, 125, 105, 88, 72, 55, 38, 15, 265] as const;

/** The hue of a wedding date (`YYYY-MM-DD`); undefined when there is none yet. */
export function seasonHue(weddingDate: unknown): number | undefined {
  if (typeof weddingDate !== 'string') return undefined;
  const month = /^\d{4}-(\d{2})-\d{2}$/.exec(weddingDate)?.[1];
  return month === undefined ? undefined : HUES[Number(month) - 1];
}

const segmenter =
  typeof Intl.Segmenter === 'function'
    ? new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    : undefined;

/** The first letter as a reader sees it (accents, emoji and Arabic forms whole), upper case; empty for no name. */
export function initialOf(name: string): string {
  const text = name.trim();
  if (text === '') return '';
  const [first] =
    segmenter === undefined ? Array.from(text) : Array.from(segmenter.segment(text), (part) => part.segment);
  return (first ?? '').toLocaleUpperCase();
}
