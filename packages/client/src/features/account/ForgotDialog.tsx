// Asks for the mail with a link to a new password. What it answers is the same for every address.
import { doneSchema } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { accountMessages as words } from '../../i18n/messages/account.ts';
import { messages } from '../../i18n/messages.ts';
import { callPublic } from '../../session/api.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';

export function ForgotDialog({ onClose }: { onClose: () => void }): ReactElement {
  const formId = useId();
  const [email, setEmail] = useState('');
  const [error, setError] = useState<string>();
  const [progress, setProgress] = useState<'idle' | 'busy' | 'sent'>('idle');

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) return setError(words.badEmail);
    setProgress('busy');
    const result = await callPublic('/api/account/recover', doneSchema, { email: email.trim() });
    setProgress(result.ok ? 'sent' : 'idle');
    if (!result.ok) setError(words.errors[result.code] ?? words.resetFailed);
  };

  const isSent = progress === 'sent';
  return (
    <Dialog
      title={words.forgotTitle}
      lead={isSent ? words.forgotSent(email.trim()) : words.forgotText}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        isSent ? (
          <Button kind="primary" onClick={onClose}>
            {messages.done}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{messages.cancel}</Button>
            <Button type="submit" form={formId} kind="primary" isBusy={progress === 'busy'}>
              {words.forgotSend}
            </Button>
          </>
        )
      }
    >
      {isSent ? null : (
        <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
          <Field
            label={words.email}
            type="email"
            inputMode="email"
            autoComplete="username"
            value={email}
            error={error}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
              setError(undefined);
            }}
          />
        </form>
      )}
    </Dialog>
  );
}
