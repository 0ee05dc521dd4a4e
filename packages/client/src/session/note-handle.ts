// One couple's note: plain text that merges while two people type (DOCUMENT rule 17).
import type { Subscribable } from './document-view.ts';

/** `missing`: this device has never had the note's document; it can be written to, and merges when it arrives. */
export type NoteState = 'loading' | 'ready' | 'missing';

/** Made by `ListSession.notes`; `close` is idempotent and ends all bindings. */
export type NoteHandle = {
  readonly recordId: string;
  readonly text: Subscribable<string>;
  readonly state: Subscribable<NoteState>;
  /** Makes the note read `next`, writing only the part that differs from what is shown now. */
  apply(next: string): void;
  /**
   * Keeps a text area and the note equal in both directions; the caret and selection move with remote edits, and
   * nothing is written during an input method's composition. Returns the function that ends it.
   */
  bind(textarea: HTMLTextAreaElement): () => void;
  close(): void;
};
