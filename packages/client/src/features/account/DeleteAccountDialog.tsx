// The end of an account: asks for its address, since nothing brings it back.
import { doneSchema } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { accountMessages as words } from '../../i18n/messages/account.ts';
import { messages } from '../../i18n/messages.ts';
import type { Api } from '../../session/api.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';

type DeleteAccountDialogProps = {
  api: Pick<Api, 'call'>;
  email: string;
  onBackup: () => void;
  onDeleted: () => void;
  onClose: () => void;
};

export function DeleteAccountDialog(props: DeleteAccountDialogProps): ReactElement {
  const { api, email, onBackup, onDeleted, onClose } = props;
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (): Promise<void> => {
    if (typed.trim().toLowerCase() !== email.toLowerCase()) return setError(words.deleteMismatch);
    setBusy(true);
    const result = await api.call('DELETE', '/api/account', doneSchema, { email });
    setBusy(false);
    if (result.ok) onDeleted();
    else setError(words.errors[result.code] ?? words.deleteFailed);
  };

  return (
    <FormDialog
      title={words.deleteTitle}
      lead={words.deleteText}
      submitLabel={words.deleteNow}
      kind="danger"
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={submit}
      aside={
        <Button icon="download" onClick={onBackup}>
          {messages.saveBackup}
        </Button>
      }
    >
      <Field
        label={words.deleteType(email)}
        type="email"
        autoComplete="off"
        value={typed}
        error={error}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setError(undefined);
        }}
      />
    </FormDialog>
  );
}
