// Undo and redo of one's own actions (DOCUMENT rule 15): an undo is a new write, and only of values that still stand.
// The stack belongs to the tab and survives its reload.
import {
  createSubscribable,
  type Intent,
  type ListWriter,
  type Subscribable,
  stampKey,
} from '@wedsync/shared';
import type { UndoResult, UndoState } from './list-session.ts';

/** UI-6. */
const MOST_ACTIONS = 50;
/** Each step of the stack writes a few stamps at most, an undone import as many as it has slices or exceptions. */
const MOST_STAMPS = 1_000;
/** Session storage holds about 5 MB per site; the oldest actions give way. */
const MOST_STORED_CHARACTERS = 1_000_000;

/** One action: everything it wrote, oldest first. */
export type UndoableAction = { readonly name: string; readonly intents: readonly Intent[] };

export type UndoStack = {
  readonly state: Subscribable<UndoState>;
  /** A new action; what could have been redone is forgotten. */
  push(action: UndoableAction): void;
  undo(writer: ListWriter): { result: UndoResult; intents: readonly Intent[] };
  redo(writer: ListWriter): { result: UndoResult; intents: readonly Intent[] };
  /** Keeps the stack for a reload of this tab. */
  save(): void;
};

export function createUndoStack(
  storageKey: string,
  storage: Storage | undefined = safeSessionStorage(),
): UndoStack {
  const saved = read(storage, storageKey);
  let done: UndoableAction[] = saved.done;
  let undone: UndoableAction[] = saved.undone;
  /** Stamps of own undos and redos: what they put back counts as still standing. */
  let own = new Set(saved.own);
  const state = createSubscribable<UndoState>(stateOf(), (a, b) => a.undo === b.undo && a.redo === b.redo);

  function stateOf(): UndoState {
    const [undo, redo] = [done.at(-1), undone.at(-1)];
    return { ...(undo && { undo: undo.name }), ...(redo && { redo: redo.name }) };
  }

  function step(from: UndoableAction[], to: UndoableAction[], writer: ListWriter) {
    const action = from.pop();
    if (action === undefined) return { result: { ok: false, reason: 'nothing' } as const, intents: [] };
    const intents = [...action.intents].reverse().flatMap((intent) => takeBack(writer, intent, own));
    own = new Set(
      [...own, ...intents.map(({ stamp }) => stampKey(stamp.hlc, stamp.actor))].slice(-MOST_STAMPS),
    );
    if (intents.length > 0) to.push({ name: action.name, intents });
    state.set(stateOf());
    const result: UndoResult =
      intents.length > 0
        ? { ok: true, name: action.name }
        : { ok: false, reason: 'changed-since', name: action.name };
    return { result, intents };
  }

  return {
    state,
    push(action) {
      done = [...done, action].slice(-MOST_ACTIONS);
      undone = [];
      state.set(stateOf());
    },
    undo: (writer) => step(done, undone, writer),
    redo: (writer) => step(undone, done, writer),
    save() {
      for (let kept = done; ; kept = kept.slice(Math.ceil(kept.length / 2))) {
        const text = JSON.stringify({ done: kept, undone, own: [...own] });
        if (text.length > MOST_STORED_CHARACTERS && kept.length > 0) continue;
        try {
          if (text.length <= MOST_STORED_CHARACTERS) storage?.setItem(storageKey, text);
        } catch {
          // No room or no permission: undo then ends with this page, as in most apps.
        }
        return;
      }
    },
  };
}

/** Whole if everything still stands; else record by record, so that an import can be undone but for one edited couple. */
function takeBack(writer: ListWriter, intent: Intent, own: ReadonlySet<string>): Intent[] {
  const whole = writer.undo(intent, own);
  if (whole.ok) return [whole.intent];
  if (intent.parts.length === 1) return [];
  return intent.parts.flatMap((part) => {
    const single = writer.undo({ ...intent, parts: [part] }, own);
    return single.ok ? [single.intent] : [];
  });
}

type Saved = { done: UndoableAction[]; undone: UndoableAction[]; own: string[] };

function read(storage: Storage | undefined, key: string): Saved {
  try {
    const found = JSON.parse(storage?.getItem(key) ?? 'null') as Partial<Saved> | null;
    if (Array.isArray(found?.done) && Array.isArray(found.undone))
      return { done: found.done, undone: found.undone, own: found.own ?? [] };
  } catch {
    // Written by something else, or unreadable: start empty.
  }
  return { done: [], undone: [], own: [] };
}

function safeSessionStorage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
