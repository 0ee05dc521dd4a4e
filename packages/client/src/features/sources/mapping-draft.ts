// The mapping editor's own state: rows as they are typed, and what of them is complete enough to be kept.
import type { MappingRow, SourceSettings } from '@wedsync/shared';

export type DraftRow = {
  readonly key: number;
  readonly from: string;
  readonly to: string;
  readonly convert: string;
};

export type MappingDraft = {
  readonly rows: readonly DraftRow[];
  readonly expression: string;
  readonly externalIdPath: string;
  readonly timeZone: string;
  readonly currency: string;
};

/** What may stand in the second column; the couple's own fields come with their labels. */
export const TARGETS = [
  ...['names', 'firstName', 'lastName', 'partner', 'partnerFirstName', 'partnerLastName', 'email', 'phone'],
  ...[
    'weddingDate',
    'weddingTime',
    'venue',
    'status',
    'packageName',
    'price',
    'tags',
    'leadSource',
    'notes',
    'ignore',
  ],
] as const;

export function toDraft(settings: SourceSettings = {}): MappingDraft {
  const { mapping = [], expression = '', externalIdPath = '', timeZone = '', currency = '' } = settings;
  return {
    rows: mapping.map(({ from, to, convert = 'auto' }, key) => ({ key, from, to, convert })),
    expression,
    externalIdPath,
    timeZone,
    currency,
  };
}

/** `before` keeps what the editor does not show. Rows without both ends are left out. */
export function fromDraft(draft: MappingDraft, before: SourceSettings = {}): SourceSettings {
  const {
    mapping: known = [],
    expression: _,
    externalIdPath: __,
    timeZone: ___,
    currency: ____,
    ...rest
  } = before;
  const words = new Map(known.map((row) => [`${row.from} ${row.to}`, row.words]));
  const mapping = draft.rows
    .filter(({ from, to }) => from !== '' && to !== '')
    .map(({ from, to, convert }) => {
      const kept = words.get(`${from} ${to}`);
      return {
        from,
        to,
        ...(convert !== 'auto' && { convert: convert as NonNullable<MappingRow['convert']> }),
        ...(kept !== undefined && { words: kept }),
      };
    });
  const texts = {
    expression: draft.expression.trim(),
    externalIdPath: draft.externalIdPath.trim(),
    timeZone: draft.timeZone.trim(),
    currency: draft.currency.trim().toUpperCase(),
  };
  const said = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
  return { ...rest, ...(mapping.length > 0 && { mapping }), ...said };
}

export function addRow(draft: MappingDraft): MappingDraft {
  const key = Math.max(-1, ...draft.rows.map((row) => row.key)) + 1;
  return { ...draft, rows: [...draft.rows, { key, from: '', to: '', convert: 'auto' }] };
}

export function changeRow(
  draft: MappingDraft,
  key: number,
  change: Partial<Omit<DraftRow, 'key'>>,
): MappingDraft {
  return { ...draft, rows: draft.rows.map((row) => (row.key === key ? { ...row, ...change } : row)) };
}

export function removeRow(draft: MappingDraft, key: number): MappingDraft {
  return { ...draft, rows: draft.rows.filter((row) => row.key !== key) };
}
