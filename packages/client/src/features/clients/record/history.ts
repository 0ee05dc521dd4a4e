// The field history of one couple as the server keeps it, and how it reads.

/** One value that a field had: from when, by whom or what, and when it was replaced. */
export type HistoryEntry = {
  readonly field: string;
  readonly value: unknown;
  /** Ms since 1970. */
  readonly at: number;
  /** A person's e-mail, a source's name, or undefined when the server does not know. */
  readonly by?: string;
  readonly isSelf?: boolean;
};

/** Newest first. Rejects when there is no connection or the server refuses. */
export type LoadHistory = (recordId: string) => Promise<readonly HistoryEntry[]>;
