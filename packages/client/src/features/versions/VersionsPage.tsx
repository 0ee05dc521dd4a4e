// Earlier days of this list, and the way back to one of them.
import type { Version } from '@wedsync/shared';
import { type ReactElement, useCallback, useState } from 'react';
import { versionsMessages as words } from '../../i18n/messages/versions.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSubscribable } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Page } from '../../ui/Page.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { KeepVersion } from './KeepVersion.tsx';
import { RefusedUpdates } from './RefusedUpdates.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import styles from './VersionsPage.module.css';
import type { VersionsApi } from './versions-api.ts';

type VersionsPageProps = { session: ListSession; api: VersionsApi };

const titleOf = ({ kind, name }: Version): string =>
  kind === 'named' ? name : kind === 'daily' ? words.today : words.beforeRestore;

export function VersionsPage({ session, api }: VersionsPageProps): ReactElement {
  const canEdit = useSubscribable(session.canEdit);
  const toasts = useToasts();
  const load = useCallback(() => api.list(), [api]);
  const [loaded, reload] = useLoad(load);
  const [isKeeping, setKeeping] = useState(false);
  const [restoring, setRestoring] = useState<Version>();
  const versions = loaded.state === 'ready' ? loaded.value : [];

  const remove = async (version: Version): Promise<void> => {
    try {
      await api.remove(version.id);
      toasts.show({ text: words.removed });
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    }
    await reload();
  };
  const keep = canEdit && (
    <Button kind="primary" icon="add" onClick={() => setKeeping(true)}>
      {words.keep}
    </Button>
  );

  return (
    <Page title={words.title} lead={words.lead} action={versions.length > 0 && keep}>
      {loaded.state === 'loading' && <p className={styles.note}>{messages.loading}</p>}
      {loaded.state === 'failed' && (
        <EmptyState
          frames={['empty', 'empty', 'empty']}
          chosen={1}
          title={navigator.onLine ? words.failed : words.offline}
        >
          <Button onClick={() => void reload()}>{messages.retry}</Button>
        </EmptyState>
      )}
      {loaded.state === 'ready' && versions.length === 0 && (
        <EmptyState
          frames={['moon', 'hills', 'empty']}
          chosen={1}
          title={words.emptyTitle}
          text={words.emptyText}
        >
          {keep}
        </EmptyState>
      )}
      {versions.length > 0 && (
        <ol className={styles.versions}>
          {versions.map((version) => (
            <li key={version.id} className={styles.version}>
              <div className={styles.what}>
                <h2 className={styles.when}>{titleOf(version)}</h2>
                <p className={styles.details}>
                  {[
                    words.at(version.at),
                    words.couples(version.records),
                    ...(version.by === '' ? [] : [words.by(version.by)]),
                  ].join(' · ')}
                </p>
              </div>
              {canEdit && <Button onClick={() => setRestoring(version)}>{words.restore}</Button>}
              {canEdit && version.kind === 'named' && (
                <Menu
                  label={words.more(titleOf(version))}
                  items={[
                    {
                      type: 'action',
                      label: words.remove,
                      icon: 'trash',
                      isDanger: true,
                      run: () => void remove(version),
                    },
                  ]}
                >
                  <Icon name="more" />
                </Menu>
              )}
            </li>
          ))}
        </ol>
      )}
      <RefusedUpdates api={api} />
      {isKeeping && (
        <KeepVersion
          api={api}
          onClose={() => setKeeping(false)}
          onKept={(version) => {
            setKeeping(false);
            toasts.show({ text: words.kept(version.name) });
            void reload();
          }}
        />
      )}
      {restoring !== undefined && (
        <RestoreDialog
          api={api}
          version={restoring}
          onClose={() => setRestoring(undefined)}
          onRestored={(undoVersionId) => {
            setRestoring(undefined);
            const undo = async (): Promise<void> => {
              await api.restore(undoVersionId);
              await reload();
            };
            toasts.show({ text: words.restored, action: { label: messages.undo, run: () => void undo() } });
            void reload();
          }}
        />
      )}
    </Page>
  );
}
