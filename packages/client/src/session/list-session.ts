// One open client list as the screens see it: records, actions, sync status, presence, notes. The screens import
// this interface and the hooks of react.ts, never the document, the database or the socket behind it.

import type { WireEvent } from '@wedsync/shared';
import type { StorageFault } from '../persistence/storage-fault.ts';
import type { SyncStatus } from '../transport/sync-status.ts';
import type { Account, Person } from './account.ts';
import type { Wiped } from './device-memory.ts';
import type { FieldValue, ListIndex, Stamp, Subscribable } from './document-view.ts';
import type { NoteHandle } from './note-handle.ts';
import type { CopyProof } from './prove-copy.ts';

/**
 * `fetched` is true once this device has had the whole list from the server (now or in an earlier session): an
 * index without records is an empty list only then. Otherwise say that the list is not on this device yet. `wiped`:
 * it was here, and the browser has cleared it since; `waiting` couples had changes that are lost with it.
 */
export type ListPhase =
  | { readonly state: 'opening' }
  | { readonly state: 'ready'; readonly fetched: boolean; readonly wiped?: Wiped }
  | { readonly state: 'failed'; readonly code: string };

/** Another open window on this list. `personId` and `name` come from the verified token, by way of the relay. */
export type Peer = {
  /** Unique per open tab, stable while it is open. */
  readonly key: string;
  readonly personId: string;
  readonly name: string;
  /** A CSS colour that is the same for one person everywhere. */
  readonly colour: string;
  /** The record that is open for editing there. */
  readonly recordId?: string;
  /** True for the same person's other tabs and devices. This tab itself is not listed. */
  readonly isSelf: boolean;
};

/** Field name to value; the names of DOCUMENT rule 18 (`tag:<name>` and `x:<id>` included). `null` clears. */
export type FieldChanges = Readonly<Record<string, FieldValue>>;

/** `unsaved`: not yet on disk; `device`, `sent`, `stored`: see `SyncStage`; `stuck`: refused and set aside. */
export type WaitingState = 'unsaved' | 'device' | 'sent' | 'stored' | 'stuck';

/** What came of an undo or redo: the action's name, or why it was left alone. */
export type UndoResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: 'nothing' | 'changed-since'; readonly name?: string };

/** The names of the next undo and redo, for the menu and its key hints; absent when there is none. */
export type UndoState = { readonly undo?: string; readonly redo?: string };

/** One refused action that was taken out of the list and kept for the person. */
export type SetAsideItem = {
  readonly key: string;
  readonly name: string;
  readonly recordIds: readonly string[];
  readonly at: number;
  /** Refused code name, e.g. `forbidden`, `future-stamp`, `too-large`. */
  readonly reason: string;
};

/** One row of an import: all fields it brings, already validated (`parseFieldInput` or `planImport`). */
export type ImportRow = {
  readonly fields: FieldChanges;
  readonly recordId?: string;
  /** Of a new record: values that stand against `fields` until somebody settles it. */
  readonly others?: readonly FieldChanges[];
};

/** Progress of a running import; the list stays usable meanwhile. */
export type ImportOptions = {
  readonly name?: string;
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Everything a person can do to records. All return at once (the document has changed, the write to disk follows);
 * each call is one undo step with the given or a default name. Throws or, where
 * there is something to wait for, rejects with `AppError` `forbidden` when `canEdit` is false.
 */
export type ListActions = {
  addCouple(fields: FieldChanges, name?: string): string;
  /** Writes only the fields that differ from what is shown; a trashed record is restored first (rule 14). */
  edit(recordId: string, fields: FieldChanges, name?: string): void;
  /** The same fields for several records, as one change of the document and one undo step. */
  editMany(recordIds: readonly string[], fields: FieldChanges, name?: string): void;
  /** Settles a conflict: `value` becomes the only live value of the field. */
  resolve(recordId: string, field: string, value: FieldValue): void;
  remove(recordIds: readonly string[]): void;
  restore(recordIds: readonly string[]): void;
  /**
   * Two records are one couple: `fields` (of `planMerge`, which the other one says already) go to the one that stays, the
   * other goes into the trash and says where its couple lives on. One undo step.
   */
  merge(goesId: string, staysId: string, fields: FieldChanges): void;
  /** Adds or, with `recordId`, fills records in slices that keep the page alive. One undo step for all. */
  importRows(
    rows: readonly ImportRow[],
    options?: ImportOptions,
  ): Promise<{ batch: string; recordIds: string[] }>;
  /** Changes a record of the list itself: `list` (name), `status:<id>`, `tag:<id>`, `view:<id>`, `field:<id>`,
   * `apart:<id>:<id>` (two records that are two couples). */
  setMeta(metaId: string, fields: FieldChanges, name?: string): void;
  undo(): Promise<UndoResult>;
  redo(): Promise<UndoResult>;
};

/** Made by `openListSession`. Closing is idempotent and waits for writes to this device. */
export type ListSession = {
  readonly listId: string;
  readonly person: Person;
  /** Whether a value was written on this device, whoever sat at it. */
  isThisDevice(stamp: Stamp): boolean;
  /** Stable for the life of the session, also across a rebase. */
  readonly index: ListIndex;
  readonly phase: Subscribable<ListPhase>;
  readonly status: Subscribable<SyncStatus>;
  readonly presence: Subscribable<readonly Peer[]>;
  readonly undoState: Subscribable<UndoState>;
  readonly setAside: Subscribable<readonly SetAsideItem[]>;
  readonly storageFault: Subscribable<StorageFault | undefined>;
  /** False for viewers, in a list written by a newer app, and before the list is loaded. */
  readonly canEdit: Subscribable<boolean>;
  /** Ids of records with edits that are not stored; a new identity only when the set changed. */
  readonly waitingIds: Subscribable<ReadonlySet<string>>;
  readonly actions: ListActions;
  /** Tells the others which record this tab has open. */
  setEditing(recordId: string | undefined): void;
  waiting(recordId: string): WaitingState;
  /** Opens the note of a record; close it when the screen goes. Works offline once the list was fetched. */
  notes(recordId: string): NoteHandle;
  /** Ms since 1970, corrected by the server's time: what every time in here is told by. */
  now(): number;
  /** Windows of this device with this list; undefined where the browser cannot tell. Never rejects. */
  countTabs(): Promise<number | undefined>;
  /** Reads the list back from the disk as a cold start would. Rejects when the disk cannot be read. */
  proveCopy(): Promise<CopyProof>;
  /** Tries to connect now instead of at `retryAt`. */
  retryNow(): void;
  /** The whole list as this tab has it, waiting and set-aside edits and notes included (JSON). Works in every fault. */
  exportBackup(): Promise<Blob>;
  /** Resolves when the list has been read, or could not be: before that only its first rows are there. */
  whenOpened(): Promise<void>;
  /** Only the edits that were refused (JSON). */
  exportSetAside(): Promise<Blob>;
  /** Forgets set-aside edits after the person has exported or discarded them. */
  discardSetAside(keys: readonly string[]): Promise<void>;
  /** Called with every event that the server sends over this tab's socket (one tab of a device has it). */
  onServerEvent(listener: (event: WireEvent) => void): () => void;
  close(): Promise<void>;
};

/** What `openListSession` needs. Everything but the first three has a browser default and exists for tests. */
export type OpenListOptions = {
  readonly person: Person;
  readonly listId: string;
  readonly account: Pick<Account, 'getToken' | 'state'>;
  /** Current time in ms since 1970. */
  readonly now?: () => number;
};
