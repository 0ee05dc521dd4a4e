// The end of an account: asks for its address, since nothing brings it back.
import { doneSchema } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { accountMessages as words } from '../../i18n/messages/account.ts';
import { messages } from '../../i18n/messages.ts';
import type { Api } from '../../session/api.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';

type DeleteAccountDialogProps = {
  api: Pick<Api, 'call'>;
  email: string;
  onBackup: () => void;
  onDeleted: () => void;
  onClose: () => void;
};

export function DeleteAccountDialog(props: DeleteAccountDialogProps): ReactElement {
  const { api, email, onBackup, onDeleted, onClose } = props;
  const formId = useId();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (typed.trim().toLowerCase() !== email.toLowerCase()) return setError(words.deleteMismatch);
    setBusy(true);
    const result = await api.call('DELETE', '/api/account', doneSchema, { email });
    setBusy(false);
    if (result.ok) onDeleted();
    else setError(words.errors[result.code] ?? words.deleteFailed);
  };

  return (
    <Dialog
      title={words.deleteTitle}
      lead={words.deleteText}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button type="submit" form={formId} kind="danger" isBusy={isBusy}>
            {words.deleteNow}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
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
      </form>
      <Button icon="download" onClick={onBackup}>
        {messages.saveBackup}
      </Button>
    </Dialog>
  );
}
