// Where a value belongs by what the source calls it: a key of a CRM, or the title of a question in a form.
import { changeTarget, foldText, headerMeaning } from '@wedsync/shared';

const FROM_HEADER: Readonly<Record<string, string>> = {
  name: 'names',
  partnerName: 'partner',
  bookedDate: 'ignore',
  recordId: 'ignore',
  externalId: 'ignore',
  partnerEmail: 'x:partnerEmail',
  partnerPhone: 'x:partnerPhone',
};

/** A target of `changesToFields`, `projectName`, `ignore`, or undefined when nothing is known about the label. */
export function guessTarget(label: string): string | undefined {
  const exact = changeTarget(label);
  if (exact === 'technical') return 'ignore';
  if (exact !== undefined && exact !== 'previous' && exact !== 'custom') return exact;
  const target = headerMeaning(label)?.target;
  return target === undefined ? undefined : (FROM_HEADER[target] ?? target);
}

/** The field of our own for an answer that no field of ours is made for: `x:number-of-guests`. */
export function customField(label: string): string | undefined {
  const slug = foldText(label)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return slug === '' ? undefined : `x:${slug}`;
}
