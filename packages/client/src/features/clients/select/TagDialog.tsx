// Tags for all chosen couples; each tag is a field of its own, so what others add at the same time stays.
import { normaliseTag } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useId, useMemo, useState } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import { messages } from '../../../i18n/messages.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Field } from '../../../ui/Field.tsx';
import { allTags } from '../record/all-tags.ts';

type TagDialogProps = {
  session: ListSession;
  count: number;
  onAdd: (tags: readonly string[]) => void;
  onClose: () => void;
};

export function TagDialog({ session, count, onAdd, onClose }: TagDialogProps): ReactElement {
  const id = useId();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const suggestions = useMemo(() => allTags(session.index), [session]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const tags = text
      .split(',')
      .map(normaliseTag)
      .filter((tag) => tag !== '');
    if (tags.length === 0) setError(words.needsTag);
    else onAdd(tags);
  };
  return (
    <Dialog
      title={words.addTagTitle(count)}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <Button type="submit" kind="primary" form={`${id}-form`}>
          {words.addTag}
        </Button>
      }
    >
      <form id={`${id}-form`} onSubmit={submit} noValidate>
        <Field
          label={words.columns.tags}
          hint={words.tagHint}
          value={text}
          error={error}
          list={`${id}-tags`}
          autoComplete="off"
          onChange={(event) => {
            setText(event.currentTarget.value);
            setError(undefined);
          }}
        />
        <datalist id={`${id}-tags`}>
          {suggestions.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
      </form>
    </Dialog>
  );
}
