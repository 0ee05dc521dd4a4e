// `@wedsync/shared/realtime`: what other programs need to follow a list through stock supabase-js.
export { type ClientRow, clientRowSchema, parseClientRow } from './client-row.ts';
export type { ClientEvent, Versions } from './known-rows.ts';
export type { WatchFilter } from './read-rows.ts';
export { type ClientWatcher, type WatchOptions, type WatchStatus, watchClients } from './watch-clients.ts';
