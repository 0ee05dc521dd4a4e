// A new couple in five seconds: names, date, done. What was understood is shown while typing.
import { parseFieldInput, splitNames } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { locale } from '../../i18n/formatters.ts';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import type { ListSession } from '../../session/list-session.ts';
import { Field } from '../../ui/Field.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { useToday } from '../../ui/use-today.ts';
import { DatePick } from './edit/FieldEditor.tsx';
import { coupleOf, dayText } from './edit/field-text.ts';
import { toChanges } from './edit/typed-text.ts';

type AddCoupleProps = { session: ListSession; onClose: () => void; onAdded: (id: string) => void };

export function AddCouple({ session, onClose, onAdded }: AddCoupleProps): ReactElement {
  const toasts = useToasts();
  const today = useToday();
  const [names, setNames] = useState('');
  const [date, setDate] = useState('');
  const [isTried, setTried] = useState(false);

  const parts = splitNames(names);
  const result = toChanges('weddingDate', date, { values: {} }, today);
  const parsed = parseFieldInput('weddingDate', date, { locale, today });
  const understood = parsed.ok ? dayText(parsed.value, 'long') : undefined;
  const hasName = Object.keys(parts).length > 0;

  const submit = (): void => {
    setTried(true);
    if (!hasName || !result.ok) return;
    const fields = { ...parts, ...result.changes, status: 'enquiry' };
    const id = session.actions.addCouple(withoutEmpty(fields));
    toasts.show({ text: words.added(coupleOf({ values: parts })) });
    onAdded(id);
  };

  return (
    <FormDialog title={words.addTitle} submitLabel={words.addSubmit} onClose={onClose} onSubmit={submit}>
      <Field
        label={words.addName}
        value={names}
        placeholder={words.addNamePlaceholder}
        autoComplete="off"
        onChange={(event) => setNames(event.currentTarget.value)}
        error={isTried && !hasName ? words.addNeedsName : undefined}
        {...(parts.partnerFirstName === undefined
          ? {}
          : {
              hint: words.addNameHint(
                fullName(parts.firstName, parts.lastName),
                fullName(parts.partnerFirstName, parts.partnerLastName),
              ),
            })}
      />
      <Field
        label={words.addDate}
        value={date}
        placeholder={words.addDatePlaceholder}
        autoComplete="off"
        onChange={(event) => setDate(event.currentTarget.value)}
        error={isTried && !result.ok ? result.message : undefined}
        end={<DatePick onPick={setDate} />}
        {...(understood === undefined ? {} : { hint: understood })}
      />
    </FormDialog>
  );
}

const fullName = (first: string | undefined, last: string | undefined): string =>
  [first, last].filter(Boolean).join(' ');

/** A new couple has no fields to clear: what is empty is left out. */
function withoutEmpty(
  fields: Readonly<Record<string, string | number | boolean | null | undefined>>,
): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [field, value] of Object.entries(fields))
    if (value !== null && value !== undefined && value !== '') kept[field] = value;
  return kept;
}
