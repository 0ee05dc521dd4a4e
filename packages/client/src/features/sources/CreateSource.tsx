// A new source: what sends, its name, and the secret where the other system makes it.
import type { CreateSourceRequest, SourceWithSecret } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { PROVIDER_WORDS, providerWords } from '../../i18n/messages/source-providers.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { Field, SelectField } from '../../ui/Field.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { SetupSteps } from './SetupSteps.tsx';
import type { SourcesApi } from './sources-api.ts';

type CreateSourceProps = {
  api: SourcesApi;
  listId: string;
  onClose: () => void;
  onCreated: (source: SourceWithSecret) => void;
};

export function CreateSource({ api, listId, onClose, onCreated }: CreateSourceProps): ReactElement {
  const [name, setName] = useState('');
  const [provider, setProvider] = useState<CreateSourceRequest['provider']>('standard');
  const [secret, setSecret] = useState('');
  const [secretError, setSecretError] = useState<string>();
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const known = providerWords(provider);
  const isTheirs = known?.secret === 'theirs';
  const submit = async (): Promise<void> => {
    if (name.trim() === '') return setError(words.nameMissing);
    const own = secret.trim();
    if (isTheirs && own === '') return setSecretError(words.theirSecretMissing);
    setBusy(true);
    try {
      onCreated(await api.create(listId, { name: name.trim(), provider, ...(isTheirs && { secret: own }) }));
    } catch {
      setError(navigator.onLine ? words.failed : words.offline);
      setBusy(false);
    }
  };
  return (
    <FormDialog
      size="medium"
      title={words.createTitle}
      submitLabel={words.create}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={submit}
    >
      <SelectField
        label={words.provider}
        value={provider}
        onChange={(event) => setProvider(event.currentTarget.value as CreateSourceRequest['provider'])}
      >
        {PROVIDER_WORDS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      <Field
        label={words.name}
        hint={words.nameHint}
        placeholder={words.namePlaceholder}
        value={name}
        maxLength={200}
        autoComplete="off"
        error={error}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setError(undefined);
        }}
      />
      {isTheirs && (
        <Field
          label={known.secretLabel ?? words.secret}
          type="password"
          value={secret}
          autoComplete="off"
          error={secretError}
          onChange={(event) => {
            setSecret(event.currentTarget.value);
            setSecretError(undefined);
          }}
        />
      )}
      <SetupSteps provider={provider} />
    </FormDialog>
  );
}
