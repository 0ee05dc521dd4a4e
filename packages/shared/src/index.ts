// @wedsync/shared: what a client record is, the document it lives in, and the messages that carry it. Pure.

// error
export {
  AppError,
  type AppErrorOptions,
  type ErrorBody,
  toAppError,
  toErrorBody,
} from './error/app-error.ts';
export { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, isErrorCode } from './error/codes.ts';
// util
export { assertNever } from './util/assert-never.ts';
export { type Backoff, type BackoffOptions, createBackoff } from './util/backoff.ts';
export { fromBase64, fromBase64Url, toBase64, toBase64Url } from './util/base64.ts';
export { crc32c } from './util/crc32c.ts';
export type { Result } from './util/result.ts';
export { sleep } from './util/sleep.ts';
export { createSubscribable, type Subscribable, type SubscribableSource } from './util/subscribable.ts';

// wire
export {
  CLOSE,
  CLOSE_CODES,
  type CloseAction,
  type CloseCode,
  type CloseCodeName,
  closeCode,
  isRetryableClose,
} from './wire/close-code.ts';
export { type Decoded, type DecodeFailure, decodeMessage } from './wire/decode.ts';
export { type DocumentRef, isListId, parseDocumentId } from './wire/document-id.ts';
export { encodeMessage } from './wire/encode.ts';
export {
  type ConfigResponse,
  type CreateSourceRequest,
  configResponseSchema,
  createListRequestSchema,
  createSourceRequestSchema,
  DELIVERY_STATES,
  type Delivery,
  deliveriesResponseSchema,
  deliverySchema,
  errorBodySchema,
  type HistoryEntry,
  historyEntrySchema,
  historyResponseSchema,
  type ListSummary,
  listSummarySchema,
  listsResponseSchema,
  ROLES,
  type Role,
  SOURCE_STATES,
  type Source,
  type SourceWithSecret,
  sampleResponseSchema,
  sourceSchema,
  sourcesResponseSchema,
  sourceWithSecretSchema,
} from './wire/http.ts';
export { type Hello, type RelayEvent, toRelayEvent, type WireEvent } from './wire/json.ts';
export { WIRE_LIMITS } from './wire/limits.ts';
export {
  MESSAGE_TYPE,
  offerSubprotocols,
  PROTOCOL_VERSION,
  type RefusedMessage,
  readSubprotocols,
  type SendMessage,
  type SnapshotMessage,
  SUBPROTOCOL,
  SYNC_STEP,
  type WireMessage,
} from './wire/protocol.ts';
export { createSnapshotAssembler, type SnapshotProgress, toSnapshotMessages } from './wire/snapshot.ts';
