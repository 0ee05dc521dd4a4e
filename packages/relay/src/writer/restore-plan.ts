// What it takes to bring a list back to how an earlier version showed it, as ordinary writes on top of what is there
// now: nothing is rewound, so every device merges it like anybody's edit.
import type { Fields, FieldValue, ListIndex, RecordView } from '@wedsync/shared';

export interface RestorePlan {
  /** Ids to take out of the trash. */
  readonly bringBack: readonly string[];
  /** Values to write, by record. */
  readonly set: readonly { readonly id: string; readonly fields: Fields }[];
  /** Couples of the version of which this document knows nothing. */
  readonly create: readonly { readonly id: string; readonly fields: Fields }[];
  /** Ids that the version did not show: into the trash. */
  readonly remove: readonly string[];
  /** Ids of the version that were deleted for good since, and stay so. */
  readonly leftOut: readonly string[];
}

const isShown = (view: RecordView | undefined): view is RecordView =>
  view !== undefined && (view.state === 'alive' || view.state === 'edit-delete');

/** Fields whose value differs, or is in dispute now. When a couple was added is no news. */
function changedFields(now: RecordView, then: RecordView): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const field of new Set([...Object.keys(now.values), ...Object.keys(then.values)])) {
    if (field === 'createdAt') continue;
    const value = then.values[field] ?? null;
    const isSame = (now.values[field] ?? null) === value;
    if (!isSame || now.conflicts[field] !== undefined) fields[field] = value;
  }
  return fields;
}

/** @param now the list as it is; @param then the list as the version has it */
export function planRestore(now: ListIndex, then: ListIndex): RestorePlan {
  const bringBack: string[] = [];
  const set: { id: string; fields: Fields }[] = [];
  const create: { id: string; fields: Fields }[] = [];
  const leftOut: string[] = [];
  for (const id of then.ids()) {
    const [before, current] = [then.get(id), now.get(id)];
    if (!isShown(before)) continue;
    if (current === undefined) {
      create.push({ id, fields: { ...before.values } });
      continue;
    }
    if (current.state === 'absent' || (current.state === 'trashed' && current.isPurged)) {
      leftOut.push(id);
      continue;
    }
    if (current.state !== 'alive') bringBack.push(id);
    const fields = changedFields(current, before);
    if (Object.keys(fields).length > 0) set.push({ id, fields });
  }
  const remove = [...now.ids()].filter((id) => !isShown(then.get(id)));
  return { bringBack, set, create, remove, leftOut };
}
