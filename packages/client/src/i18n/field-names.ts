// What people read for the fields that an event or an action touched.
import { recordMessages } from './messages/record.ts';

/** Names without those that nobody changes: links to other systems and the time of making are written along. */
export function namesOfTouched(fields: readonly string[]): string[] {
  return fields.filter(isForPeople).map(nameOfField);
}

function isForPeople(field: string): boolean {
  return field !== 'createdAt' && !field.startsWith('ext:');
}

/** `x:` marks a person's own field, `tag:` a tag: both have their name behind the mark. */
function nameOfField(field: string): string {
  return recordMessages.fields[field] ?? field.replace(/^[a-z]+:/, '');
}
