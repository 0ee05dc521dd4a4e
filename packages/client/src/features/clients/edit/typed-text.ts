// Between any field's value and text: as read, as typed, and what typed text changes. Loaded with the editors.
import { formatField, normaliseTag, parseFieldInput } from '@wedsync/shared';
import { locale } from '../../../i18n/formatters.ts';
import { recordMessages } from '../../../i18n/messages/record.ts';
import type { FieldChanges } from '../../../session/list-session.ts';
import { TAG, tagsOf, type Valued } from './field-text.ts';

/** A field as read; empty for no value. */
export function displayText(field: string, { values }: Valued): string {
  const value = values[field];
  return value === undefined || value === null ? '' : formatField(field, value, { locale });
}

/** A field as typed: what an editor starts with. Reading it back gives the same value. */
export function editText(field: string, record: Valued): string {
  return field === 'tags' ? tagsOf(record).join(', ') : displayText(field, record);
}

export type EditResult =
  | { readonly ok: true; readonly changes: FieldChanges }
  | { readonly ok: false; readonly message: string };

/** What typing `input` into a field changes; a message in plain words when it cannot be used. */
export function toChanges(field: string, input: string, record: Valued, today: string): EditResult {
  if (field === 'tags') return { ok: true, changes: tagChanges(input, record) };
  const result = parseFieldInput(field, input, { locale, today });
  if (!result.ok) return { ok: false, message: recordMessages.errors[result.code] ?? recordMessages.invalid };
  return { ok: true, changes: { [field]: result.value } };
}

/** Tags from "film, second shooter": the difference to the tags that are set, so that other people's stay. */
function tagChanges(input: string, record: Valued): FieldChanges {
  const before = tagsOf(record);
  const after = input
    .split(',')
    .map(normaliseTag)
    .filter((tag) => tag !== '');
  const changes: Record<string, boolean> = {};
  for (const tag of before) if (!after.includes(tag)) changes[`${TAG}${tag}`] = false;
  for (const tag of after) if (!before.includes(tag)) changes[`${TAG}${tag}`] = true;
  return changes;
}
