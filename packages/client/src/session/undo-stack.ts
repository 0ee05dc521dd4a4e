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
/** An import of more rows is not kept for a reload; it would be longer than that, and take long to write. */
const MOST_STORED_PARTS = 2_000;
/** For as long values are taken back before the page gets its turn; the transaction then ends, about as long again. */
const TURN_MS = 8;
const PARTS_PER_CHUNK = 50;

/** One action: everything it wrote, oldest first. */
export type UndoableAction = { readonly name: string; readonly intents: readonly Intent[] };

/** An undo or a redo on its way. */
export type UndoStep = {
  /** Nothing is left to take back. */
  readonly isDone: boolean;
  /** Takes back what one turn of the page has time for, in one transaction unless a record comes twice. */
  turn(writer: ListWriter): readonly Intent[];
  /** What came of it; what has not been taken back stays on the stack. */
  end(): UndoResult;
};

export type UndoStack = {
  readonly state: Subscribable<UndoState>;
  /** A new action; what could have been redone is forgotten. */
  push(action: UndoableAction): void;
  /** Undefined when there is nothing to undo or redo. One at a time: its `end` comes before the next `begin`. */
  begin(direction: 'undo' | 'redo'): UndoStep | undefined;
  /** Keeps the stack for a reload of this tab. */
  save(): void;
};

type Stacks = Record<'done' | 'undone', readonly UndoableAction[]>;

export function createUndoStack(
  storageKey: string,
  storage: Storage | undefined = safeSessionStorage(),
): UndoStack {
  const { own: savedOwn, ...saved } = read(storage, storageKey);
  const stacks: Stacks = saved;
  const textOf = createTexts();
  /** Stamps of own undos and redos: what they put back counts as still standing. */
  let own = new Set(savedOwn);
  let isStepping = false;
  const state = createSubscribable<UndoState>(stateOf(), (a, b) => a.undo === b.undo && a.redo === b.redo);

  function stateOf(): UndoState {
    const [undo, redo] = [stacks.done.at(-1), stacks.undone.at(-1)];
    return { ...(undo && { undo: undo.name }), ...(redo && { redo: redo.name }) };
  }

  function step(action: UndoableAction, from: keyof Stacks, to: keyof Stacks): UndoStep {
    const chunks = [...action.intents].reverse().flatMap(inChunks);
    const intents: Intent[] = [];
    const taken: UndoableAction = { name: action.name, intents };
    // Its place is held from the start: an action in between comes after it, or makes the redo be forgotten.
    stacks[from] = stacks[from].slice(0, -1);
    stacks[to] = [...stacks[to], taken];
    isStepping = true;
    return {
      get isDone() {
        return chunks.length === 0;
      },
      turn(writer) {
        const before = intents.length;
        const until = performance.now() + TURN_MS;
        do intents.push(...takeBackTogether(writer, chunks, own, until));
        while (chunks.length > 0 && performance.now() < until);
        const made = intents.slice(before);
        own = new Set(
          [...own, ...made.map(({ stamp }) => stampKey(stamp.hlc, stamp.actor))].slice(-MOST_STAMPS),
        );
        return made;
      },
      end() {
        isStepping = false;
        if (intents.length === 0) stacks[to] = stacks[to].filter((each) => each !== taken);
        if (chunks.length > 0)
          stacks[from] = [...stacks[from], { name: action.name, intents: chunks.reverse() }];
        state.set(stateOf());
        return intents.length > 0
          ? { ok: true, name: action.name }
          : { ok: false, reason: 'changed-since', name: action.name };
      },
    };
  }

  return {
    state,
    push(action) {
      stacks.done = [...stacks.done, action].slice(-MOST_ACTIONS);
      stacks.undone = [];
      state.set(stateOf());
    },
    begin(direction) {
      const [from, to] = direction === 'undo' ? (['done', 'undone'] as const) : (['undone', 'done'] as const);
      const action = stacks[from].at(-1);
      return action && step(action, from, to);
    },
    save() {
      // What was kept before a step that is not at its end is still true: whatever does not stand is left alone.
      if (isStepping) return;
      const undone = newestTexts(stacks.undone, textOf, MOST_STORED_CHARACTERS);
      const done = newestTexts(stacks.done, textOf, MOST_STORED_CHARACTERS - undone.length);
      try {
        storage?.setItem(storageKey, `{"done":${done},"undone":${undone},"own":${JSON.stringify([...own])}}`);
      } catch {
        // No room or no permission: undo then ends with this page, as in most apps.
      }
    },
  };
}

/** Parts of an intent, small enough that a few of them fit into one turn. */
function inChunks(intent: Intent): Intent[] {
  const chunks: Intent[] = [];
  for (let at = 0; at < intent.parts.length; at += PARTS_PER_CHUNK)
    chunks.push({ ...intent, parts: intent.parts.slice(at, at + PARTS_PER_CHUNK) });
  return chunks;
}

/** One transaction: takes the first of the chunks away until the time is over or a record comes a second time. */
function takeBackTogether(
  writer: ListWriter,
  chunks: Intent[],
  own: ReadonlySet<string>,
  until: number,
): Intent[] {
  const made: Intent[] = [];
  const touched = new Set<string>();
  writer.together(() => {
    do {
      const [chunk] = chunks;
      const keys = chunk?.parts.map(({ id }) => `${chunk.target} ${id}`) ?? [];
      if (chunk === undefined || keys.some((key) => touched.has(key))) return;
      for (const key of keys) touched.add(key);
      made.push(...takeBack(writer, chunk, own));
      chunks.shift();
    } while (performance.now() < until);
  });
  return made;
}

type TextOf = (action: UndoableAction) => string | undefined;

/** An action as JSON, made once; undefined for one that is too long to be kept. */
function createTexts(): TextOf {
  const texts = new WeakMap<UndoableAction, string>();
  return (action) => {
    if (action.intents.reduce((sum, { parts }) => sum + parts.length, 0) > MOST_STORED_PARTS)
      return undefined;
    const text = texts.get(action) ?? JSON.stringify(action);
    texts.set(action, text);
    return text;
  };
}

/** As a JSON array, the newest that fit: what is older than a gap could only be undone out of order. */
function newestTexts(actions: readonly UndoableAction[], textOf: TextOf, room: number): string {
  const kept: string[] = [];
  let left = room;
  for (const action of [...actions].reverse()) {
    const text = textOf(action);
    left -= text?.length ?? left;
    if (text === undefined || left <= 0) break;
    kept.unshift(text);
  }
  return `[${kept.join()}]`;
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
