// Sizes that both ends of the wire hold to. The relay may be configured lower or higher for the first two; the
// values in force are in `hello.limits`.

/** Default limits in bytes (or counts where the name says so). */
export const WIRE_LIMITS = Object.freeze({
  /** One WebSocket message. 10,000 imported couples in one transaction are ~1 MB. */
  frameBytes: 4 * 1024 * 1024,
  /** One document's V1 state. 50,000 couples after years of edits are ~25 MB. */
  documentBytes: 64 * 1024 * 1024,
  /** One `snapshot` part: small enough not to hold up other frames of the socket for long. */
  snapshotPartBytes: 256 * 1024,
  /** A device refuses to collect more parts than the largest document can need. */
  snapshotParts: 1024,
  /** One awareness update: names and a cursor, for a handful of people. */
  awarenessBytes: 16 * 1024,
  /** One state vector: 20 bytes for each of 2,000 writers (DOCUMENT rule 20), with room to spare. */
  stateVectorBytes: 256 * 1024,
  /** Supabase tokens with a few claims are ~1 KB; proxies cut headers at 8 KB. */
  tokenBytes: 8 * 1024,
  /** JSON of `hello` and `event`. */
  jsonBytes: 256 * 1024,
  /** `refused.detail`: a machine word, never data. */
  detailBytes: 256,
});
