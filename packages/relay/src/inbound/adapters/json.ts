// Reading JSON that anybody may have written.
import { createHash } from 'node:crypto';
import { parse as parseJson } from 'secure-json-parse';

export type Json = Readonly<Record<string, unknown>>;

/** The value, or undefined when it is no JSON or reaches for prototypes. */
export function readJson(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return parseJson(text, null, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object, the empty one for everything else. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The text of a simple value; '' for everything else. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** The first that says something. */
export const firstText = (...values: readonly unknown[]): string =>
  values.map(textOf).find((text) => text !== '') ?? '';

export const toBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
