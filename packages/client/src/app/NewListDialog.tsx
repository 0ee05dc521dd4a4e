// A name for a new list.
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { messages } from '../i18n/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

type NewListDialogProps = {
  onClose: () => void;
  /** False when it could not be made. */
  onCreate: (name: string) => Promise<boolean>;
};

export function NewListDialog({ onClose, onCreate }: NewListDialogProps): ReactElement {
  const formId = useId();
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (): Promise<void> => {
    if (name.trim() === '') return setError(words.newListNeedsName);
    setBusy(true);
    const isMade = await onCreate(name.trim());
    setBusy(false);
    if (!isMade) setError(words.newListFailed);
  };

  return (
    <Dialog
      title={words.newListTitle}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button type="submit" form={formId} kind="primary" isBusy={isBusy}>
            {words.create}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          label={words.newListName}
          value={name}
          placeholder={words.newListPlaceholder}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
          error={error}
        />
      </form>
    </Dialog>
  );
}
