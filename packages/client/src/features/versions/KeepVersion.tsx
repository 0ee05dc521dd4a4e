// Asks for the name under which the list is kept as it is now.
import type { Version } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { versionsMessages as words } from '../../i18n/messages/versions.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import type { VersionsApi } from './versions-api.ts';

type KeepVersionProps = { api: VersionsApi; onClose: () => void; onKept: (version: Version) => void };

export function KeepVersion({ api, onClose, onKept }: KeepVersionProps): ReactElement {
  const formId = useId();
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '') return setError(words.nameMissing);
    setBusy(true);
    try {
      onKept(await api.keep(name.trim()));
    } catch {
      setError(words.failed);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={words.keepTitle}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button type="submit" form={formId} kind="primary" disabled={isBusy}>
            {words.keepNow}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
        <Field
          label={words.name}
          placeholder={words.namePlaceholder}
          value={name}
          maxLength={120}
          autoComplete="off"
          error={error}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </form>
    </Dialog>
  );
}
