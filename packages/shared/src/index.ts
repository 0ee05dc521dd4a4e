// @wedsync/shared: what a client record is, the document it lives in, and the messages that carry it. Pure.

export { canonicalJson } from './doc/canonical-json.ts';
export {
  type Change,
  createChange,
  type Overwrites,
  removeChange,
  restoreChange,
  setChange,
  sweepChange,
} from './doc/change.ts';
export {
  actorOf,
  type Clock,
  createClock,
  deviceOfActor,
  hlcFromMs,
  hlcToMs,
  integrationDevice,
  integrationStamp,
  isFutureStamp,
  isIntegrationActor,
  MAX_FORWARD_MS,
} from './doc/clock.ts';
export {
  type BaseEntry,
  compareStamps,
  type Entry,
  type Fields,
  type FieldValue,
  isBase,
  isEntry,
  isFieldName,
  isRegister,
  isTomb,
  type RegisterEntry,
  type Stamp,
  scopeOf,
  stampKey,
  stampOf,
  type TombEntry,
} from './doc/entry.ts';
export { FORMAT_FIELD, formatOf, isWritable } from './doc/format.ts';
export {
  DELETE_WATERMARK,
  derivedRecordId,
  type IntegrationContext,
  type IntegrationEvent,
  type IntegrationOutcome,
  integrate,
} from './doc/integration.ts';
export {
  createListDoc,
  FORMAT,
  fnv1a32,
  isRecordId,
  META,
  NOTE_BUCKETS,
  noteBucketOf,
  noteDocumentId,
  ROOT_NAMES,
  SHARD_COUNT,
  shardName,
  shardOf,
} from './doc/layout.ts';
export { createListIndex, type IndexChange, type ListIndex } from './doc/list-index.ts';
export {
  futureFields,
  type LiveValue,
  neverConflicts,
  partsOf,
  type RecordParts,
  type RecordState,
  type RecordView,
  viewOf,
} from './doc/live.ts';
export { MERGED_INTO, mergeChain, mergedInto } from './doc/merge.ts';
export {
  APART_FIELD,
  apartId,
  type MergeDifference,
  type MergePlan,
  planMerge,
} from './doc/merge-plan.ts';
export { MIGRATIONS, type MigrationStep, migrate, upgradeRecords } from './doc/migrate.ts';
export { type ClockVerdict, createRoomClock, type RoomClock } from './doc/room-clock.ts';
export { type DocumentKind, type ScanResult, scanUpdate, type UpdateScan } from './doc/scan-update.ts';
export {
  applyChange,
  type ChangeFunctions,
  createWriter,
  type Intent,
  type IntentKind,
  type IntentPart,
  type ListWriter,
  randomRecordId,
  type UndoResult,
} from './doc/writer.ts';
// error
export {
  AppError,
  type AppErrorOptions,
  type ErrorBody,
  toAppError,
  toErrorBody,
} from './error/app-error.ts';
export { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, isErrorCode } from './error/codes.ts';
// record
export {
  addDays,
  calendarDateParts,
  type DateParts,
  daysUntil,
  fromDayNumber,
  isCalendarDate,
  toCalendarDate,
  toDayNumber,
  toUtcMs,
  weekdayOf,
} from './record/calendar-date.ts';
export { type ChangeTarget, changeTarget } from './record/change-keys.ts';
export type { ChangeProblemCode, ChangesContext } from './record/change-values.ts';
export { type ChangeProblem, type ChangesResult, changesToFields } from './record/changes.ts';
export { isClockTime, readClockTime } from './record/clock-time.ts';
export { dialable, emailKey, isEmail, isPhone, normaliseEmail, phoneKey, toE164 } from './record/contact.ts';
export { type DateEvidence, type DateOrderDecision, decideDateOrder } from './record/csv/date-order.ts';
export { type CsvEncoding, decodeCsvBytes } from './record/csv/decode-bytes.ts';
export { quoteCell, toExportCell } from './record/csv/export-cell.ts';
export {
  type CsvLines,
  csvLines,
  type ExportOptions,
  type ExportRecord,
  otherFields,
  toCsv,
} from './record/csv/export-csv.ts';
export { CSV_TARGETS, type CsvTarget, headerMeaning } from './record/csv/header-target.ts';
export {
  type ColumnMapping,
  type CsvProfile,
  type CsvTable,
  guessMapping,
  profileOf,
  readCsvTable,
} from './record/csv/mapping.ts';
export type { CsvRow } from './record/csv/parse-csv.ts';
export {
  type DuplicateRef,
  type ImportOptions,
  type ImportPlan,
  type PlannedRow,
  type PlanReason,
  planImport,
} from './record/csv/plan-import.ts';
export { namesFromProject } from './record/csv/project-name.ts';
export type { CellError, CellErrorCode } from './record/csv/row-reader.ts';
export { currencyDigits, currencyOfLocale, isCurrency } from './record/currency.ts';
export {
  type DateContext,
  type DateOrder,
  type DateReading,
  dateOrderOf,
  readDate,
  readInstant,
} from './record/date-input.ts';
export {
  type CoupleMatch,
  compareCouples,
  createDuplicateIndex,
  type DuplicateIndex,
  type FoundMatch,
  type MatchReason,
  sameValue,
} from './record/duplicates.ts';
export {
  type FieldContext,
  type FieldInputCode,
  type FieldInputResult,
  formatField,
  parseFieldInput,
} from './record/field-input.ts';
export {
  FIELD_FAMILIES,
  type FieldKind,
  fieldInfo,
  fieldLabel,
  RECORD_FIELDS,
  type RecordField,
  type RecordFieldName,
} from './record/fields.ts';
export { foldText } from './record/fold.ts';
export { type CouplePair, createMatchIndex, type MatchIndex, type MatchKind } from './record/match-index.ts';
export { type CoupleNames, coupleName, namesFromList, peopleOf, splitNames } from './record/names.ts';
export { isPlaceholder, isSpreadsheetError } from './record/placeholder.ts';
export {
  formatPrice,
  isPrice,
  type Price,
  type PriceContext,
  type PriceReading,
  parsePrice,
  priceFromNumber,
  readPrice,
  toPrice,
} from './record/price.ts';
export { calendarDateSchema, fieldSchema, fieldsSchema } from './record/schema.ts';
export {
  compareBy,
  matchesSearch,
  orderBy,
  type SortField,
  type SortOptions,
  searchKey,
  searchWords,
} from './record/search.ts';
export {
  DEFAULT_STATUSES,
  type DefaultStatusId,
  isStatusId,
  readStatus,
  type StatusOption,
} from './record/statuses.ts';
export { normaliseTag, splitTags, TAG_PREFIX, tagsOf } from './record/tag.ts';
export { normaliseLines, normaliseText } from './record/text.ts';
export { isValidValue, UNDECIDED_DATE } from './record/validate.ts';
// util
export { assertNever } from './util/assert-never.ts';
export { type Backoff, type BackoffOptions, createBackoff } from './util/backoff.ts';
export { fromBase64, fromBase64Url, toBase64, toBase64Url } from './util/base64.ts';
export { crc32c } from './util/crc32c.ts';
export type { Result } from './util/result.ts';
export { sleep } from './util/sleep.ts';
export { createSubscribable, type Subscribable, type SubscribableSource } from './util/subscribable.ts';
export {
  ACTIVITY_KINDS,
  type ActivityEntry,
  type ActivityKind,
  type ActivityPage,
  activityEntrySchema,
  activityResponseSchema,
} from './wire/activity.ts';
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
  BAR_STATES,
  type BarState,
  HEALTH_RANGES,
  HEALTH_STATES,
  type HealthCheck,
  type HealthIncident,
  type HealthRange,
  type HealthState,
  healthCheckSchema,
  incidentSchema,
  type ListHealth,
  listHealthSchema,
} from './wire/health.ts';
export {
  auditResponseSchema,
  auditRowSchema,
  type ConfigResponse,
  type CreateSourceRequest,
  configResponseSchema,
  connectRequestSchema,
  createListRequestSchema,
  createSourceRequestSchema,
  DELIVERY_STATES,
  type Delivery,
  deliveriesResponseSchema,
  deliveryBodyResponseSchema,
  deliverySchema,
  errorBodySchema,
  type HistoryEntry,
  historyEntrySchema,
  historyResponseSchema,
  type ListSummary,
  listSummarySchema,
  listsResponseSchema,
  previewRequestSchema,
  previewResponseSchema,
  ROLES,
  type Role,
  replayedResponseSchema,
  replayRangeRequestSchema,
  rotateSourceRequestSchema,
  SOURCE_STATES,
  type Source,
  type SourcePreview,
  type SourceWithSecret,
  sampleResponseSchema,
  sourceSchema,
  sourcesResponseSchema,
  sourceWithSecretSchema,
} from './wire/http.ts';
export { type RefusedUpdate, refusedResponseSchema, refusedUpdateSchema } from './wire/http-refused.ts';
export {
  createVersionRequestSchema,
  type RestoreCounts,
  type RestoreResponse,
  restoreCountsSchema,
  restoreResponseSchema,
  type Version,
  versionSchema,
  versionsResponseSchema,
} from './wire/http-versions.ts';
export type { Hello, WireEvent } from './wire/json.ts';
export { WIRE_LIMITS } from './wire/limits.ts';
export {
  type AcceptResponse,
  acceptResponseSchema,
  type ChangeListRequest,
  changeListRequestSchema,
  changeMemberRequestSchema,
  deleteAccountRequestSchema,
  doneSchema,
  GIVEN_ROLES,
  type GivenRole,
  type Invitation,
  type InvitationView,
  type InviteResponse,
  invitationSchema,
  invitationViewSchema,
  inviteRequestSchema,
  inviteResponseSchema,
  linkTokenSchema,
  type Member,
  type MembersResponse,
  MIN_PASSWORD,
  memberSchema,
  membersResponseSchema,
  recoverRequestSchema,
  resetRequestSchema,
  resetResponseSchema,
  transferRequestSchema,
} from './wire/members.ts';
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
export { type RelayEvent, toRelayEvent } from './wire/relay-event.ts';
export { createSnapshotAssembler, type SnapshotProgress, toSnapshotMessages } from './wire/snapshot.ts';
export {
  CONVERTERS,
  type Converter,
  type MappingRow,
  mappingRowSchema,
  PROVIDERS,
  type SourceSettings,
  sourceSettingsSchema,
} from './wire/source-settings.ts';
