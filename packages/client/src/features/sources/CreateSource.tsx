// A new source needs nothing but a name.
import type { SourceWithSecret } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import type { SourcesApi } from './sources-api.ts';

type CreateSourceProps = {
  api: SourcesApi;
  listId: string;
  onClose: () => void;
  onCreated: (source: SourceWithSecret) => void;
};

export function CreateSource({ api, listId, onClose, onCreated }: CreateSourceProps): ReactElement {
  const formId = useId();
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '') return setError(words.nameMissing);
    setBusy(true);
    try {
      onCreated(await api.create(listId, name.trim()));
    } catch {
      setError(navigator.onLine ? words.failed : words.offline);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={words.createTitle}
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
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
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
      </form>
    </Dialog>
  );
}
