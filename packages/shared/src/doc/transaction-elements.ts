// What a Yjs transaction added to arrays and took from them, read from the items that it made and deleted instead of from
// the arrays: the price is that of the change, not of the array. Elements are given by identity.
import * as Y from 'yjs';

type OnElement = (parent: unknown, element: unknown, isAdded: boolean) => void;

/**
 * Calls back for each element that stands since this transaction and each that is gone since; what it made and deleted
 * itself is neither. Call it in `afterTransaction`: later, deleted items have lost their content.
 */
export function eachChangedElement(transaction: Y.Transaction, onElement: OnElement): void {
  const { doc, beforeState, afterState, deleteSet } = transaction;
  // An item may reach over both ends: one of a transaction that was begun meanwhile is merged into its neighbour.
  const visit = (item: Y.Item, start: number, end: number, isAdded: boolean): void => {
    if (!item.countable) return;
    const elements: readonly unknown[] = item.content.getContent();
    const { clock } = item.id;
    const last = Math.min(elements.length, end - clock);
    for (let at = Math.max(0, start - clock); at < last; at++) onElement(item.parent, elements[at], isAdded);
  };
  Y.iterateDeletedStructs(transaction, deleteSet, (struct) => {
    if (struct instanceof Y.Item) visit(struct, 0, beforeState.get(struct.id.client) ?? 0, false);
  });
  for (const [client, end] of afterState) {
    const start = beforeState.get(client) ?? 0;
    if (end === start) continue;
    const structs = doc.store.clients.get(client) ?? [];
    for (let at = Y.findIndexSS(structs, start); at < structs.length; at++) {
      const struct = structs[at];
      if (struct === undefined || struct.id.clock >= end) break;
      // Deleted by this transaction; were it by a later one, that one would say so.
      if (!(struct instanceof Y.Item) || (struct.deleted && Y.isDeleted(deleteSet, struct.id))) continue;
      visit(struct, start, end, true);
    }
  }
}
