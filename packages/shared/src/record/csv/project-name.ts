// The couple in a project's name, as CRMs for photographers call their jobs: "Maya & Chris Wedding".
import { foldText } from '../fold.ts';
import { type CoupleNames, namesTwo, splitNames } from '../names.ts';

/** Words of the occasion, not of the people. */
const OCCASION = new Set([
  ...[
    'wedding',
    'weddings',
    'elopement',
    'engagement',
    'ceremony',
    'celebration',
    'shoot',
    'session',
    'photography',
  ],
  ...['photos', 'proposal', 'anniversary', 'couple', 'couples', 'the', 'of', 'for', 'microwedding', 'micro'],
  ...[
    'hochzeit',
    'hochzeiten',
    'trauung',
    'verlobung',
    'paarshooting',
    'shooting',
    'von',
    'reportage',
    'standesamt',
  ],
]);

/** What follows the couple: a place or a package after a dash, a date in brackets, a slash. */
const SEGMENTS = /\s[–—-]\s|[|/:@(),[\]]/;

function withoutOccasion(segment: string): string {
  return segment
    .split(/\s+/)
    .filter((token) => !OCCASION.has(foldText(token).replace(/'s$/, '')) && !/\d/.test(token))
    .join(' ')
    .replace(/['’]s$/, '');
}

/** The names in a project's name; empty when it names nobody, or only one ("O'Brien Elopement" says no more). */
export function namesFromProject(project: string): CoupleNames {
  for (const segment of project.split(SEGMENTS)) {
    const names = withoutOccasion(segment.trim());
    if (namesTwo(names)) return splitNames(names);
  }
  return {};
}

/** The partner of a known person by the project's name: the one of the two that is not that person. */
export function partnerFromProject(person: CoupleNames, project: string): CoupleNames {
  const couple = namesFromProject(project);
  const own = foldText(person.firstName ?? '');
  if (own === '' || couple.firstName === undefined || couple.partnerFirstName === undefined) return {};
  const partner =
    foldText(couple.firstName) === own
      ? { first: couple.partnerFirstName, last: couple.partnerLastName }
      : foldText(couple.partnerFirstName) === own
        ? { first: couple.firstName, last: couple.lastName }
        : undefined;
  if (partner === undefined) return {};
  return {
    partnerFirstName: partner.first,
    ...(partner.last !== undefined && { partnerLastName: partner.last }),
  };
}
