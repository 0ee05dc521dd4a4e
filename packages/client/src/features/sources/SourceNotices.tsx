// What a person should know about a source: the account to be connected, an import under way, values that stay away.
import type { Source } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './SourceNotices.module.css';
import { importSummary } from './source-state.ts';
import type { SourceTools } from './source-tools-api.ts';

type SourceNoticesProps = {
  source: Source;
  tools: SourceTools;
  run: (action: () => Promise<unknown>) => Promise<void>;
  onConnect: () => void;
};

export function SourceNotices({ source, tools, run, onConnect }: SourceNoticesProps): ReactElement | null {
  const { canConnect = false, isConnected = false, problem, vanished = [], import: job, settings } = source;
  const setPaused = (isImportPaused: boolean) =>
    void run(() => tools.saveSettings(source.id, { ...settings, isImportPaused }));
  return (
    <>
      {canConnect && (!isConnected || problem !== undefined) && (
        <div className={styles.notice}>
          {problem !== undefined && <p className={styles.bad}>{problem}</p>}
          <Button icon="plug" onClick={onConnect}>
            {isConnected ? words.reconnect : words.connect}
          </Button>
        </div>
      )}
      {job !== undefined && job.state !== 'done' && (
        <div className={styles.notice}>
          <p role="status">
            {job.state === 'paused' ? words.importPaused(job.read) : words.importing(job.read)}
          </p>
          <Button
            icon={job.state === 'paused' ? 'play' : 'pause'}
            onClick={() => setPaused(job.state !== 'paused')}
          >
            {job.state === 'paused' ? words.resumeImport : words.pauseImport}
          </Button>
        </div>
      )}
      {job?.outcomes !== undefined && (
        <p role="status">{words.imported(importSummary(job.read, job.outcomes))}</p>
      )}
      {vanished.length > 0 && <p className={styles.warn}>{words.vanished(vanished)}</p>}
    </>
  );
}
