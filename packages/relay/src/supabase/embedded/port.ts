// Messages between the relay and the thread of the embedded Supabase.

export type PortRequest = {
  readonly type: 'request';
  readonly id: number;
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: string | null;
};
export type ToWorker = PortRequest | { readonly type: 'close' };

export type PortResponse = {
  readonly type: 'response';
  readonly id: number;
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: string;
};
export type FromWorker =
  | PortResponse
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'progress'; readonly line: string }
  | { readonly type: 'ready' }
  | { readonly type: 'boot-failed'; readonly message: string }
  /** The last message of a thread that ends itself. */
  | { readonly type: 'fatal'; readonly message: string };
