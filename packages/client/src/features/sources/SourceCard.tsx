// One source: its state in words, its address, what it sent last, and what can be done with it.
import type { Source, SourceWithSecret } from '@wedsync/shared';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { providerWords } from '../../i18n/messages/source-providers.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { useTick } from '../../ui/use-tick.ts';
import { DeliveryList } from './DeliveryList.tsx';
import { SampleCommand } from './SampleCommand.tsx';
import styles from './SourceCard.module.css';
import { SourceNotices } from './SourceNotices.tsx';
import { cardState, takesSample } from './source-state.ts';
import type { SourceTools } from './source-tools-api.ts';
import type { SourcesApi } from './sources-api.ts';

const MappingDialog = lazy(() =>
  import('./MappingDialog.tsx').then((module) => ({ default: module.MappingDialog })),
);
const AccountDialog = lazy(() =>
  import('./AccountDialog.tsx').then((module) => ({ default: module.AccountDialog })),
);

type SourceCardProps = {
  source: Source;
  api: SourcesApi;
  tools: SourceTools;
  hrefOf: (recordId: string) => string;
  onOpen: (recordId: string) => void;
  onChanged: () => Promise<void>;
  onSecret: (source: SourceWithSecret) => void;
};

const TONES = { active: 'good', paused: 'warn', silent: 'calm' } as const;

type Section = 'deliveries' | 'sample' | undefined;

export function SourceCard({
  source,
  api,
  tools,
  hrefOf,
  onOpen,
  onChanged,
  onSecret,
}: SourceCardProps): ReactElement {
  const toasts = useToasts();
  const nowMs = useTick(30_000);
  const [section, setSection] = useState<Section>();
  const [isDeleting, setDeleting] = useState(false);
  const [dialog, setDialog] = useState<'fields' | 'account'>();
  const state = cardState(source);

  const run = async (action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
      await onChanged();
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    }
  };
  const isTheirs = providerWords(source.provider)?.secret === 'theirs';
  const items: MenuItem[] = [
    ...(source.canConnect
      ? [
          {
            type: 'action' as const,
            label: source.isConnected ? words.reconnect : words.connect,
            icon: 'plug' as const,
            run: () => setDialog('account'),
          },
        ]
      : []),
    ...(isTheirs
      ? []
      : [
          {
            type: 'action' as const,
            label: words.rotate,
            icon: 'refresh' as const,
            run: () => void run(async () => onSecret(await api.rotate(source.id))),
          },
        ]),
    source.state === 'paused'
      ? {
          type: 'action',
          label: words.resume,
          icon: 'play',
          run: () => void run(() => api.resume(source.id)),
        }
      : {
          type: 'action',
          label: words.pause,
          icon: 'pause',
          run: () => void run(() => api.pause(source.id)),
        },
    { type: 'line' },
    { type: 'action', label: words.delete, icon: 'trash', isDanger: true, run: () => setDeleting(true) },
  ];
  const toggle = (next: Exclude<Section, undefined>): void => setSection(section === next ? undefined : next);

  return (
    <Card
      icon={state === 'paused' ? 'pause' : state === 'silent' ? 'clock' : 'check'}
      tone={TONES[state]}
      title={source.name}
      level={2}
      state={
        <>
          <strong>{words.states[state]}</strong>
          {' · '}
          {state === 'active' && source.lastEventAt !== undefined
            ? words.stateText.active(source.lastEventAt, nowMs)
            : state === 'paused'
              ? words.stateText.paused
              : words.stateText.silent}
        </>
      }
      menu={<Menu label={words.more(source.name)} items={items} icon="more" />}
    >
      <SourceNotices source={source} tools={tools} run={run} onConnect={() => setDialog('account')} />
      <CopyField label={words.address} value={source.url} copyLabel={words.copy} copiedLabel={words.copied} />
      <div className={styles.tabs}>
        <Button
          icon={section === 'deliveries' ? 'chevronDown' : 'chevronRight'}
          aria-expanded={section === 'deliveries'}
          onClick={() => toggle('deliveries')}
        >
          {section === 'deliveries' ? words.hideDeliveries : words.showDeliveries}
        </Button>
        <Button icon="settings" onClick={() => setDialog('fields')}>
          {words.fields}
        </Button>
        {takesSample(source) && (
          <Button icon="plug" aria-expanded={section === 'sample'} onClick={() => toggle('sample')}>
            {words.tryTitle}
          </Button>
        )}
      </div>
      {section === 'deliveries' && (
        <DeliveryList api={api} tools={tools} sourceId={source.id} hrefOf={hrefOf} onOpen={onOpen} />
      )}
      {section === 'sample' && <SampleCommand api={api} sourceId={source.id} />}
      <Suspense fallback={null}>
        {dialog === 'fields' && (
          <MappingDialog
            source={source}
            tools={tools}
            onClose={() => setDialog(undefined)}
            onSaved={() => {
              setDialog(undefined);
              void onChanged();
            }}
          />
        )}
        {dialog === 'account' && (
          <AccountDialog
            source={source}
            tools={tools}
            onClose={() => setDialog(undefined)}
            onConnected={() => {
              setDialog(undefined);
              toasts.show({ text: words.connected });
              void onChanged();
            }}
          />
        )}
      </Suspense>
      {isDeleting && (
        <Dialog
          title={words.deleteTitle(source.name)}
          lead={words.deleteLead}
          closeLabel={messages.close}
          onClose={() => setDeleting(false)}
          footer={
            <>
              <Button onClick={() => setDeleting(false)}>{messages.cancel}</Button>
              <Button
                kind="primary"
                onClick={() => {
                  setDeleting(false);
                  void run(async () => {
                    await api.remove(source.id);
                    toasts.show({ text: words.deleted(source.name) });
                  });
                }}
              >
                {words.deleteNow}
              </Button>
            </>
          }
        >
          {null}
        </Dialog>
      )}
    </Card>
  );
}
