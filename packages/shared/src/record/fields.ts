// The fields of a client record: names, kinds, labels, limits (DOCUMENT rule 18). All optional but the id.
import { EMAIL_MAX, PHONE_MAX } from './contact.ts';
import { TAG_MAX, TAG_PREFIX } from './tag.ts';

/** How a field's values are read, checked and shown. */
export type FieldKind =
  | 'text'
  | 'lines'
  | 'email'
  | 'phone'
  | 'date'
  | 'time'
  | 'status'
  | 'price'
  | 'flag'
  | 'instant'
  | 'custom';

/** A named field. `maxLength` is in UTF-16 units and 0 where the kind has a fixed form. */
export interface RecordField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly label: string;
  readonly maxLength: number;
}

/** In the order of a form. */
export const RECORD_FIELDS = [
  { name: 'firstName', kind: 'text', label: 'First name', maxLength: 200 },
  { name: 'lastName', kind: 'text', label: 'Last name', maxLength: 200 },
  { name: 'partnerFirstName', kind: 'text', label: "Partner's first name", maxLength: 200 },
  { name: 'partnerLastName', kind: 'text', label: "Partner's last name", maxLength: 200 },
  { name: 'email', kind: 'email', label: 'E-mail', maxLength: EMAIL_MAX },
  { name: 'phone', kind: 'phone', label: 'Phone', maxLength: PHONE_MAX },
  { name: 'weddingDate', kind: 'date', label: 'Wedding date', maxLength: 0 },
  { name: 'weddingTime', kind: 'time', label: 'Time', maxLength: 0 },
  { name: 'venue', kind: 'text', label: 'Venue', maxLength: 500 },
  { name: 'status', kind: 'status', label: 'Status', maxLength: 64 },
  { name: 'packageName', kind: 'text', label: 'Package', maxLength: 200 },
  { name: 'price', kind: 'price', label: 'Price', maxLength: 0 },
  { name: 'photo', kind: 'text', label: 'Photo', maxLength: 2048 },
  { name: 'leadSource', kind: 'text', label: 'Found us by', maxLength: 200 },
  { name: 'createdAt', kind: 'instant', label: 'Created', maxLength: 0 },
] as const satisfies readonly RecordField[];

export type RecordFieldName = (typeof RECORD_FIELDS)[number]['name'];

/** Families of fields by prefix: tags, external ids, notes of integrations, custom fields. */
export const FIELD_FAMILIES = Object.freeze({
  tag: { prefix: TAG_PREFIX, kind: 'flag', maxLength: 0 },
  ext: { prefix: 'ext:', kind: 'text', maxLength: 256 },
  note: { prefix: 'note:', kind: 'lines', maxLength: 20_000 },
  custom: { prefix: 'x:', kind: 'custom', maxLength: 2000 },
} as const);

const BY_NAME: ReadonlyMap<string, RecordField> = new Map(RECORD_FIELDS.map((field) => [field.name, field]));
/** Ids of sources and custom fields in field names. */
const SUFFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Kind and limit of a field by name; undefined for names that this version does not know (they pass unread). */
export function fieldInfo(name: string): Pick<RecordField, 'kind' | 'maxLength'> | undefined {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  for (const { prefix, kind, maxLength } of Object.values(FIELD_FAMILIES)) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const isOk = prefix === TAG_PREFIX ? isTagName(rest) : SUFFIX.test(rest);
    return isOk ? { kind, maxLength } : undefined;
  }
  return undefined;
}

/** Tags that other versions wrote may not be normalised as here; only their length and line are checked. */
function isTagName(name: string): boolean {
  return name !== '' && !/[\r\n]/.test(name) && [...name].length <= TAG_MAX;
}

/** What a field is called where a person reads it. Tags and custom fields go by their own names. */
export function fieldLabel(name: string): string {
  return BY_NAME.get(name)?.label ?? name.slice(name.indexOf(':') + 1);
}
