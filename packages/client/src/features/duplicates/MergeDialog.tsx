// Asks before two couples become one: which stays, and what stays where they differ.
import { coupleName, type FieldValue, formatField, planMerge } from '@wedsync/shared';
import { type ReactElement, useMemo, useState } from 'react';
import { locale } from '../../i18n/formatters.ts';
import { duplicatesMessages as words } from '../../i18n/messages/duplicates.ts';
import { recordMessages } from '../../i18n/messages/record.ts';
import { messages } from '../../i18n/messages.ts';
import type { RecordView } from '../../session/document-view.ts';
import type { ListSession } from '../../session/list-session.ts';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { copyNote } from './copy-note.ts';
import styles from './Matches.module.css';

type MergeDialogProps = {
  session: ListSession;
  stays: RecordView;
  goes: RecordView;
  onClose: () => void;
  onMerged: (staysId: string) => void;
};

export function MergeDialog({ session, stays, goes, onClose, onMerged }: MergeDialogProps): ReactElement {
  const plan = useMemo(() => planMerge(stays.values, goes.values), [stays, goes]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toasts = useToasts();
  const name = coupleName(stays.values);

  const choose = (field: string, isOther: boolean): void => {
    const next = new Set(chosen);
    if (isOther) next.add(field);
    else next.delete(field);
    setChosen(next);
  };
  const merge = (): void => {
    const taken = plan.differences.filter(({ field }) => chosen.has(field));
    const fields = { ...plan.moves, ...Object.fromEntries(taken.map(({ field, other }) => [field, other])) };
    session.actions.merge(goes.id, stays.id, fields);
    void copyNote(session, goes.id, stays.id);
    toasts.show({
      text: words.merged(name),
      action: { label: messages.undo, run: () => void session.actions.undo() },
    });
    onClose();
    onMerged(stays.id);
  };

  return (
    <FormDialog
      title={words.dialogTitle}
      lead={words.dialogLead(name, coupleName(goes.values))}
      size="medium"
      submitLabel={words.merge}
      onClose={onClose}
      onSubmit={merge}
    >
      <p>{plan.differences.length === 0 ? words.nothingDiffers : words.differ}</p>
      {plan.differences.map(({ field, stays: own, other }) => (
        <fieldset key={field} className={styles.choice}>
          <legend>{recordMessages.fields[field] ?? labelOfCustom(session, field)}</legend>
          {[own, other].map((value, at) => (
            <label key={String(value)} className={styles.option}>
              <input
                type="radio"
                name={field}
                checked={chosen.has(field) === (at === 1)}
                onChange={() => choose(field, at === 1)}
              />
              {valueText(session, field, value)}
            </label>
          ))}
        </fieldset>
      ))}
    </FormDialog>
  );
}

function labelOfCustom({ index }: ListSession, field: string): string {
  const id = field.replace(/^[a-z]+:/, '');
  const label = index.getMeta(`field:${id}`)?.values.label;
  return typeof label === 'string' ? label : id;
}

function valueText({ index }: ListSession, field: string, value: FieldValue): string {
  const label = field === 'status' ? index.getMeta(`status:${String(value)}`)?.values.label : undefined;
  return typeof label === 'string' ? label : formatField(field, value, { locale });
}
