// A received body for a person's eyes: as it was sent, but for what looks like a key to something.
import { readJson } from './adapters/json.ts';

const SECRET_KEY =
  /token(?!ised)|secret|password|passwd|signature|authori[sz]ation|api[_-]?key|^key$|cookie|iban|card|cvc|^ip$/i;
const HIDDEN = '…';
const MAX_DEPTH = 40;

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_KEY.test(key) && inner !== null && typeof inner !== 'object'
        ? HIDDEN
        : redactValue(inner, depth + 1),
    ]),
  );
}

/** Indented JSON, or the text itself for what is none (form bodies, garbage). */
export function redactBody(body: Uint8Array): string {
  const json = readJson(body);
  if (json !== undefined) return JSON.stringify(redactValue(json, 0), null, 2);
  const text = new TextDecoder().decode(body);
  return text.replace(/(^|&)([^=&]*(?:token|secret|password|key)[^=&]*)=[^&]*/gi, `$1$2=${HIDDEN}`);
}
