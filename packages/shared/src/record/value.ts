// What a field of a record may hold (DOCUMENT rule 18), as plain types.

/** `null` says "cleared"; an empty string is never a value. */
export type FieldValue = null | boolean | number | string;

/** Field name to value. */
export type Fields = Readonly<Record<string, FieldValue>>;
