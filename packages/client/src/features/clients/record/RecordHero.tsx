// The top of a record: monogram, names and date in the display type, and where the booking stands.
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { clientsMessages } from '../../../i18n/messages/clients.ts';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import { messages } from '../../../i18n/messages.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Field } from '../../../ui/Field.tsx';
import { useToday } from '../../../ui/use-today.ts';
import { Monogram } from '../cells/Monogram.tsx';
import { StatusSelect } from '../cells/StatusSelect.tsx';
import { coupleOf, daysAway, dayText, nameParts } from '../edit/field-text.ts';
import { displayText, toChanges } from '../edit/typed-text.ts';
import type { StatusOption } from '../statuses.ts';
import { InlineField } from './InlineField.tsx';
import styles from './RecordHero.module.css';

type RecordHeroProps = {
  session: ListSession;
  record: RecordView;
  statuses: readonly StatusOption[];
  canEdit: boolean;
};

export function RecordHero({ session, record, statuses, canEdit }: RecordHeroProps): ReactElement {
  const [isNaming, setNaming] = useState(false);
  const today = useToday();
  const { first, second } = nameParts(record);
  const date = record.values.weddingDate;
  const days = daysAway(date, today);
  const couple = coupleOf(record);
  return (
    <header className={styles.hero}>
      <Monogram first={first} second={second} weddingDate={date} photo={record.values.photo} size="large" />
      {isNaming ? (
        <NamesForm session={session} record={record} onDone={() => setNaming(false)} />
      ) : (
        <div className={styles.names}>
          <h2 className={styles.couple} tabIndex={-1}>
            {couple}
          </h2>
          {canEdit && (
            <IconButton
              icon="edit"
              label={words.edit(words.names)}
              onClick={() => setNaming(true)}
              className={styles.edit}
            />
          )}
        </div>
      )}
      <div className={styles.date}>
        <InlineField
          session={session}
          record={record}
          field="weddingDate"
          canEdit={canEdit}
          className={styles.day}
          display={
            dayText(date, 'long') ??
            (date === 'tbd' ? clientsMessages.undecided : displayText('weddingDate', record))
          }
        />
      </div>
      <div className={styles.facts}>
        <StatusSelect
          session={session}
          record={record}
          statuses={statuses}
          couple={couple}
          canEdit={canEdit}
          isTabStop
        />
        {days !== undefined && <span className={styles.away}>{clientsMessages.inDays(days)}</span>}
      </div>
    </header>
  );
}

const NAME_FIELDS = ['firstName', 'lastName', 'partnerFirstName', 'partnerLastName'] as const;

function NamesForm({
  session,
  record,
  onDone,
}: {
  session: ListSession;
  record: RecordView;
  onDone: () => void;
}): ReactElement {
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const today = useToday();
  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const problems: Record<string, string> = {};
    let changes = {};
    for (const field of NAME_FIELDS) {
      const result = toChanges(field, String(data.get(field) ?? ''), record, today);
      if (result.ok) changes = { ...changes, ...result.changes };
      else problems[field] = result.message;
    }
    setErrors(problems);
    if (Object.keys(problems).length > 0) return;
    session.actions.edit(record.id, changes);
    onDone();
  };
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    >
      {NAME_FIELDS.map((field) => (
        <Field
          key={field}
          label={words.fields[field] ?? field}
          name={field}
          defaultValue={displayText(field, record)}
          autoComplete="off"
          error={errors[field]}
        />
      ))}
      <div className={styles.buttons}>
        <Button onClick={onDone}>{messages.cancel}</Button>
        <Button type="submit" kind="primary">
          {messages.done}
        </Button>
      </div>
    </form>
  );
}
