// Comparing what was sent with what was expected, in a time that tells nothing about where they differ.
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();

/** Whether two texts are the same; by their hashes, so that lengths show nothing either. */
export function isSameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}
