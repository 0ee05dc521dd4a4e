// What going back to a version would change, before anything does.
import type { Version } from '@wedsync/shared';
import { type ReactElement, useCallback, useState } from 'react';
import { versionsMessages as words } from '../../i18n/messages/versions.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { useLoad } from '../../ui/use-load.ts';
import type { VersionsApi } from './versions-api.ts';

type RestoreDialogProps = {
  api: VersionsApi;
  version: Version;
  onClose: () => void;
  onRestored: (undoVersionId: string) => void;
};

export function RestoreDialog({ api, version, onClose, onRestored }: RestoreDialogProps): ReactElement {
  const load = useCallback(() => api.difference(version.id), [api, version.id]);
  const [difference] = useLoad(load);
  const [step, setStep] = useState<'asking' | 'restoring' | 'failed'>('asking');
  const lines = difference.state === 'ready' ? words.changes(difference.value) : [];

  const restore = async (): Promise<void> => {
    setStep('restoring');
    try {
      onRestored((await api.restore(version.id)).undoVersionId);
    } catch {
      setStep('failed');
    }
  };

  return (
    <Dialog
      title={words.restoreTitle(words.at(version.at))}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button
            kind="primary"
            disabled={step === 'restoring' || lines.length === 0}
            onClick={() => void restore()}
          >
            {step === 'restoring' ? words.restoring : words.restoreNow}
          </Button>
        </>
      }
    >
      {difference.state === 'loading' && <p role="status">{words.comparing}</p>}
      {(difference.state === 'failed' || step === 'failed') && <p role="alert">{words.failed}</p>}
      {difference.state === 'ready' && lines.length === 0 && <p>{words.nothing}</p>}
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
