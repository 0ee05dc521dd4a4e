// The page of everything that sends changes to this list: a card per source, and the way to a new one.
import type { SourceWithSecret } from '@wedsync/shared';
import { type ReactElement, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { CreateSource } from './CreateSource.tsx';
import { SecretDialog } from './SecretDialog.tsx';
import { SourceCard } from './SourceCard.tsx';
import styles from './SourcesPage.module.css';
import { StuckInbox } from './StuckInbox.tsx';
import { isImporting } from './source-state.ts';
import { createSourceTools } from './source-tools-api.ts';
import type { SourcesApi } from './sources-api.ts';

type SourcesPageProps = {
  api: SourcesApi;
  listId: string;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
  /** Couples that may be the same, wherever they came from; known without the server. */
  matches: ReactNode;
};

/** How often the progress of an import is asked for. */
const PROGRESS_MS = 2_000;

type Secret = { source: SourceWithSecret; isNew: boolean };

export function SourcesPage({ api, listId, hrefOf, onOpen, matches }: SourcesPageProps): ReactElement {
  const load = useCallback(() => api.list(listId), [api, listId]);
  const [loaded, reload] = useLoad(load);
  const tools = useMemo(() => createSourceTools(api.ask), [api]);
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const sources = loaded.state === 'ready' ? loaded.value : [];
  const isMoving = sources.some(isImporting);
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setInterval(() => void reload(), PROGRESS_MS);
    return () => clearInterval(timer);
  }, [isMoving, reload]);

  return (
    <Page
      title={words.title}
      lead={words.lead}
      action={
        sources.length > 0 && (
          <Button kind="primary" icon="add" onClick={() => setCreating(true)}>
            {words.add}
          </Button>
        )
      }
    >
      {matches}
      {loaded.state === 'loading' && <p className={styles.note}>{messages.loading}</p>}
      {loaded.state === 'failed' && (
        <EmptyState
          frames={['empty', 'empty', 'empty']}
          chosen={1}
          title={FAILURES[loaded.code] ?? (navigator.onLine ? words.failed : words.offline)}
        >
          <Button onClick={() => void reload()}>{messages.retry}</Button>
        </EmptyState>
      )}
      {loaded.state === 'ready' && sources.length === 0 && (
        <EmptyState
          frames={['hills', 'rings', 'empty']}
          chosen={2}
          title={words.emptyTitle}
          text={words.emptyText}
        >
          <Button kind="primary" icon="add" onClick={() => setCreating(true)}>
            {words.add}
          </Button>
        </EmptyState>
      )}
      {sources.length > 0 && (
        <StuckInbox api={api} tools={tools} listId={listId} hrefOf={hrefOf} onOpen={onOpen} />
      )}
      <ul className={styles.cards}>
        {sources.map((source) => (
          <SourceCard
            key={source.id}
            source={source}
            api={api}
            tools={tools}
            hrefOf={hrefOf}
            onOpen={onOpen}
            onChanged={reload}
            onSecret={(next) => setSecret({ source: next, isNew: false })}
          />
        ))}
      </ul>
      {isCreating && (
        <CreateSource
          api={api}
          listId={listId}
          onClose={() => setCreating(false)}
          onCreated={(source) => {
            setCreating(false);
            setSecret({ source, isNew: true });
            void reload();
          }}
        />
      )}
      {secret !== undefined && (
        <SecretDialog
          source={secret.source}
          isNew={secret.isNew}
          api={api}
          onClose={() => setSecret(undefined)}
        />
      )}
    </Page>
  );
}

const FAILURES: Readonly<Record<string, string>> = { forbidden: words.forbidden, offline: words.offline };
