// What was lately chosen in the palette of a list: ids only, kept for this tab.

const MOST = 6;
const keyOf = (listId: string): string => `palette:${listId}`;

export function readRecent(listId: string): readonly string[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(keyOf(listId)) ?? '[]');
    return Array.isArray(found) ? found.filter((id) => typeof id === 'string') : [];
  } catch {
    // No permission, or written by something else.
    return [];
  }
}

export function noteRecent(listId: string, id: string): void {
  const ids = [id, ...readRecent(listId).filter((known) => known !== id)].slice(0, MOST);
  try {
    sessionStorage.setItem(keyOf(listId), JSON.stringify(ids));
  } catch {
    // Then nothing is remembered.
  }
}
