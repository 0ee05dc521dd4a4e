// Ends every switch over a union: a new member becomes a compile error here.

/** Throws for a value that the types say cannot exist (a bug, or an unchecked value from outside). */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${typeof value === 'object' ? 'object' : String(value)}`);
}
