// Connects the account through which a source is read: what the provider shows is pasted here, once.
import type { Source } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { providerWords } from '../../i18n/messages/source-providers.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { Field } from '../../ui/Field.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { SetupSteps } from './SetupSteps.tsx';
import type { SourceTools } from './source-tools-api.ts';

type AccountDialogProps = {
  source: Source;
  tools: SourceTools;
  onClose: () => void;
  onConnected: () => void;
};

export function AccountDialog({ source, tools, onClose, onConnected }: AccountDialogProps): ReactElement {
  const { account = [], places = [] } = providerWords(source.provider) ?? {};
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ ...source.settings } as Record<
    string,
    string
  >);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const set = (key: string, value: string) => setValues((before) => ({ ...before, [key]: value }));
  const submit = async (): Promise<void> => {
    const credentials = account.map(({ key }) => [key, (values[key] ?? '').trim()] as const);
    if (credentials.some(([, value]) => value === '')) return setError(words.accountMissing);
    setBusy(true);
    try {
      const chosen = places
        .filter(({ key }) => (values[key] ?? '') !== '')
        .map(({ key }) => [key, values[key]]);
      if (places.length > 0)
        await tools.saveSettings(source.id, { ...source.settings, ...Object.fromEntries(chosen) });
      await tools.connect(source.id, Object.fromEntries(credentials));
      onConnected();
    } catch {
      setError(words.failed);
      setBusy(false);
    }
  };
  return (
    <FormDialog
      size="medium"
      title={words.connectTitle(source.name)}
      lead={words.connectLead}
      submitLabel={words.connect}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={submit}
    >
      <SetupSteps provider={source.provider} />
      {places.map(({ key, label }) => (
        <Field
          key={key}
          label={label}
          value={values[key] ?? ''}
          autoComplete="off"
          onChange={(event) => set(key, event.currentTarget.value)}
        />
      ))}
      {account.map(({ key, label }, index) => (
        <Field
          key={key}
          label={label}
          type="password"
          required
          value={values[key] ?? ''}
          autoComplete="off"
          error={index === account.length - 1 ? error : undefined}
          onChange={(event) => set(key, event.currentTarget.value)}
        />
      ))}
    </FormDialog>
  );
}
