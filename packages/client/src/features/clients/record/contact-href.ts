// Links that call, write to or find what a field holds.
import { dialable } from '@wedsync/shared';

/** The link of a contact field's text; undefined when there is nothing to link to. */
export function contactHref(field: string, text: string): string | undefined {
  const value = text.trim();
  if (value === '') return undefined;
  switch (field) {
    case 'email':
      return value.includes('@') ? `mailto:${encodeURIComponent(value).replaceAll('%40', '@')}` : undefined;
    case 'phone': {
      const number = dialable(value);
      return number.length < 3 ? undefined : `tel:${number.replaceAll('#', '%23')}`;
    }
    case 'venue':
      return `https://www.openstreetmap.org/search?query=${encodeURIComponent(value)}`;
    default:
      return undefined;
  }
}
