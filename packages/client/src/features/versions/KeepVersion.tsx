// Asks for the name under which the list is kept as it is now.
import type { Version } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { versionsMessages as words } from '../../i18n/messages/versions.ts';
import { Field } from '../../ui/Field.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import type { VersionsApi } from './versions-api.ts';

type KeepVersionProps = { api: VersionsApi; onClose: () => void; onKept: (version: Version) => void };

export function KeepVersion({ api, onClose, onKept }: KeepVersionProps): ReactElement {
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (): Promise<void> => {
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
    <FormDialog
      title={words.keepTitle}
      submitLabel={words.keepNow}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field
        label={words.name}
        placeholder={words.namePlaceholder}
        value={name}
        maxLength={120}
        autoComplete="off"
        error={error}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
