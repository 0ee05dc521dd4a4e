// The names of a couple from whichever columns a file has for them.
import { monthOfWord } from '../month-names.ts';
import { type CoupleNames, joinPeople, namesTwo, splitNames, splitPerson } from '../names.ts';
import { normaliseText } from '../text.ts';
import { namesFromProject, partnerFromProject } from './project-name.ts';
import type { RowReader } from './row-reader.ts';

/** Rows between couples in hand-made sheets: sums, and the months that they are sorted by ("June 2027"). */
function isHeading(text: string): boolean {
  const [word = '', year, ...rest] = normaliseText(text).split(' ');
  if (/^(?:grand |sub)?(?:total|totals|summe|gesamt)\b:?/i.test(text.trim()) && rest.length === 0)
    return true;
  return rest.length === 0 && /^\d{4}$/.test(year ?? '') && monthOfWord(word) !== undefined;
}

/** Full names of a row, from whichever columns it has. */
export function readNames(row: RowReader): CoupleNames {
  const firstText = row.text('firstName');
  const lastText = row.text('lastName');
  let names: CoupleNames;
  if (!row.isExport && namesTwo(firstText)) {
    // "Priya & Sam" in the first-name column: the last name is the contact's.
    names = { ...splitNames(firstText), ...(lastText !== '' && { lastName: normaliseText(lastText) }) };
  } else if (firstText !== '' || lastText !== '') {
    names = {
      ...(firstText !== '' && { firstName: normaliseText(firstText) }),
      ...(lastText !== '' && { lastName: normaliseText(lastText) }),
    };
  } else {
    names = isHeading(row.text('name')) ? {} : splitNames(row.text('name'));
  }
  const partner = partnerNames(row);
  const isAlone = names.firstName === undefined && names.lastName === undefined;
  if (isAlone && Object.keys(partner).length === 0) return namesFromProject(row.text('projectName'));
  if (isAlone && !row.isExport)
    return joinPeople([partner.partnerFirstName, partner.partnerLastName].filter(Boolean).join(' '), '');
  if (Object.keys(partner).length > 0) return { ...pickOwn(names), ...partner };
  if (names.partnerFirstName !== undefined) return names;
  return { ...names, ...partnerFromProject(names, row.text('projectName')) };
}

function pickOwn({ firstName, lastName }: CoupleNames): CoupleNames {
  return { ...(firstName !== undefined && { firstName }), ...(lastName !== undefined && { lastName }) };
}

function partnerNames(row: RowReader): CoupleNames {
  const first = normaliseText(row.text('partnerFirstName'));
  const last = normaliseText(row.text('partnerLastName'));
  if (first !== '' || last !== '') {
    return {
      ...(first !== '' && { partnerFirstName: first }),
      ...(last !== '' && { partnerLastName: last }),
    };
  }
  const person = splitPerson(row.text('partnerName'));
  return {
    ...(person.first !== undefined && { partnerFirstName: person.first }),
    ...(person.last !== undefined && { partnerLastName: person.last }),
  };
}
