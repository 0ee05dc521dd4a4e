// All tags that are in use, for suggestions.
import type { ListIndex } from '../../../session/document-view.ts';
import { tagsOf } from '../edit/field-text.ts';

/** The most used tags first, at most 50. */
export function allTags(index: Pick<ListIndex, 'ids' | 'get'>): readonly string[] {
  const uses = new Map<string, number>();
  for (const id of index.ids()) {
    const record = index.get(id);
    if (record === undefined) continue;
    for (const tag of tagsOf(record)) uses.set(tag, (uses.get(tag) ?? 0) + 1);
  }
  return [...uses]
    .sort((a, b) => b[1] - a[1])
    .map(([tag]) => tag)
    .slice(0, 50);
}
