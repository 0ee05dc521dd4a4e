// A signed request that can be pasted into a terminal; made afresh because its signature runs out.
import { type ReactElement, useCallback } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { useLoad } from '../../ui/use-load.ts';
import styles from './SampleCommand.module.css';
import type { SourcesApi } from './sources-api.ts';

export function SampleCommand({ api, sourceId }: { api: SourcesApi; sourceId: string }): ReactElement {
  const load = useCallback(() => api.sample(sourceId), [api, sourceId]);
  const [loaded, reload] = useLoad(load);
  return (
    <section className={styles.sample}>
      <h3>{words.tryTitle}</h3>
      <p className={styles.lead}>{words.tryLead}</p>
      {loaded.state === 'loading' && <p>{messages.loading}</p>}
      {loaded.state === 'failed' && <p>{words.failed}</p>}
      {loaded.state === 'ready' && (
        <CopyField
          key={loaded.value.command}
          label={words.events[loaded.value.event] ?? loaded.value.event}
          value={loaded.value.command}
          copyLabel={words.copy}
          copiedLabel={words.copied}
          isLong
        />
      )}
      {loaded.state !== 'loading' && (
        <Button kind="quiet" icon="refresh" onClick={() => void reload()}>
          {words.tryAgain}
        </Button>
      )}
    </section>
  );
}
