// Address and secret of a source, the secret for this once, with a ready command to try it.
import type { SourceWithSecret } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { providerWords } from '../../i18n/messages/source-providers.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { SampleCommand } from './SampleCommand.tsx';
import styles from './SecretDialog.module.css';
import { SetupSteps } from './SetupSteps.tsx';
import { takesSample } from './source-state.ts';
import type { SourcesApi } from './sources-api.ts';

type SecretDialogProps = { source: SourceWithSecret; isNew: boolean; api: SourcesApi; onClose: () => void };

export function SecretDialog({ source, isNew, api, onClose }: SecretDialogProps): ReactElement {
  const hasKey = providerWords(source.provider)?.hasKeyInAddress === true;
  return (
    <Dialog
      size="medium"
      title={isNew ? words.secretTitle(source.name) : words.rotatedTitle(source.name)}
      lead={isNew ? words.secretLead : words.rotatedLead}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {words.stored}
        </Button>
      }
    >
      <div className={styles.fields}>
        <CopyField
          label={hasKey ? words.keyInAddress : words.address}
          value={hasKey ? `${source.url}/${encodeURIComponent(source.secret)}` : source.url}
          copyLabel={words.copy}
          copiedLabel={words.copied}
        />
        <CopyField
          label={words.secret}
          value={source.secret}
          copyLabel={words.copy}
          copiedLabel={words.copied}
        />
        <SetupSteps provider={source.provider} />
        {isNew && takesSample(source) && <SampleCommand api={api} sourceId={source.id} />}
      </div>
    </Dialog>
  );
}
