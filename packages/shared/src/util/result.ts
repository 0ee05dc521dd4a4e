// The shape of an expected outcome at a boundary: a value, or a code that says why there is none.

/** `ok` with a value, or not `ok` with a machine-readable code. Never thrown, always looked at. */
export type Result<T, Code extends string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: Code };
