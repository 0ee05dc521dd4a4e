// Tags: each is a field of its own, `tag:<normalised name>`, so that two people adding tags both keep theirs.
import { isPlaceholder } from './placeholder.ts';
import { normaliseText } from './text.ts';
import type { Fields } from './value.ts';

export const TAG_PREFIX = 'tag:';
export const TAG_MAX = 64;

/** Lower case, one line, no leading `#`, no separators of lists; empty when nothing is left. Idempotent. */
export function normaliseTag(text: string): string {
  const bare = normaliseText(text)
    .toLowerCase()
    .replace(/[,;|]/g, ' ')
    .replace(/^[#\s]+/, '');
  // Cut by code points, so that an emoji is never halved.
  return normaliseText([...normaliseText(bare)].slice(0, TAG_MAX).join(''));
}

/** The tags of a list in one text ("Film, second shooter; VIP"), without doubles and placeholders. */
export function splitTags(text: string): string[] {
  const tags = text
    .split(/[,;|\n]/)
    .filter((tag) => !isPlaceholder(tag))
    .map(normaliseTag);
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** The names of the tags that are set, sorted by code unit. */
export function tagsOf(values: Fields): string[] {
  return Object.keys(values)
    .filter((field) => field.startsWith(TAG_PREFIX) && values[field] === true)
    .map((field) => field.slice(TAG_PREFIX.length))
    .sort();
}
