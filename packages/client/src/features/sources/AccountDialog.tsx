// Connects the account through which a source is read: what the provider shows is pasted here, once.
import type { Source } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { providerWords } from '../../i18n/messages/source-providers.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import styles from './SecretDialog.module.css';
import { SetupSteps } from './SetupSteps.tsx';
import type { SourceTools } from './source-tools-api.ts';

type AccountDialogProps = {
  source: Source;
  tools: SourceTools;
  onClose: () => void;
  onConnected: () => void;
};

export function AccountDialog({ source, tools, onClose, onConnected }: AccountDialogProps): ReactElement {
  const formId = useId();
  const { account = [], places = [] } = providerWords(source.provider) ?? {};
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ ...source.settings } as Record<
    string,
    string
  >);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const set = (key: string, value: string) => setValues((before) => ({ ...before, [key]: value }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const chosen = places
        .filter(({ key }) => (values[key] ?? '') !== '')
        .map(({ key }) => [key, values[key]]);
      if (places.length > 0)
        await tools.saveSettings(source.id, { ...source.settings, ...Object.fromEntries(chosen) });
      const credentials = account.map(({ key }) => [key, (values[key] ?? '').trim()] as const);
      await tools.connect(source.id, Object.fromEntries(credentials));
      onConnected();
    } catch {
      setError(words.failed);
      setBusy(false);
    }
  };
  return (
    <Dialog
      size="medium"
      title={words.connectTitle(source.name)}
      lead={words.connectLead}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button type="submit" form={formId} kind="primary" isBusy={isBusy}>
            {words.connect}
          </Button>
        </>
      }
    >
      <form id={formId} className={styles.fields} onSubmit={(event) => void submit(event)}>
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
      </form>
    </Dialog>
  );
}
