// A name for a new list.
import { type ReactElement, useState } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { Field } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

type NewListDialogProps = {
  onClose: () => void;
  /** False when it could not be made. */
  onCreate: (name: string) => Promise<boolean>;
};

export function NewListDialog({ onClose, onCreate }: NewListDialogProps): ReactElement {
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
    <FormDialog
      title={words.newListTitle}
      submitLabel={words.create}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field
        label={words.newListName}
        value={name}
        placeholder={words.newListPlaceholder}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
        error={error}
      />
    </FormDialog>
  );
}
