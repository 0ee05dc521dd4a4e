// The list itself: its name, putting it away, and the ones that are put away.
import type { ListSummary } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useState } from 'react';
import { membersMessages as words } from '../../i18n/messages/members.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import styles from './MembersPage.module.css';

type ListSettingsProps = {
  name: string;
  archived: readonly ListSummary[];
  onRename: (name: string) => void;
  onArchive: () => void;
  onRestore: (list: ListSummary) => void;
};

export function ListSettings({
  name,
  archived,
  onRename,
  onArchive,
  onRestore,
}: ListSettingsProps): ReactElement {
  const [text, setText] = useState(name);
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '') setError(words.nameMissing);
    else onRename(text.trim());
  };
  return (
    <section className={styles.section} aria-label={words.settings}>
      <h2 className={styles.heading}>{words.settings}</h2>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          label={words.name}
          value={text}
          maxLength={200}
          autoComplete="off"
          error={error}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setError(undefined);
          }}
        />
        <Button type="submit">{words.rename}</Button>
      </form>
      <div>
        <Button icon="archive" onClick={onArchive}>
          {words.archive}
        </Button>
      </div>
      {archived.length > 0 && (
        <>
          <h3 className={styles.heading}>{words.archived}</h3>
          <ul className={styles.rows}>
            {archived.map((list) => (
              <li key={list.id} className={styles.row}>
                <strong className={styles.who}>{list.name}</strong>
                {list.role === 'owner' && <Button onClick={() => onRestore(list)}>{words.restore}</Button>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
