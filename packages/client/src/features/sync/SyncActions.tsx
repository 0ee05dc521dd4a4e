// The one thing to do about the sync state, as buttons: in the sheet behind the chip and on the page of this device.
import type { ReactElement } from 'react';
import { syncMessages as words } from '../../i18n/messages/sync.ts';
import type { ListSession } from '../../session/list-session.ts';
import { Button } from '../../ui/Button.tsx';
import type { IconName } from '../../ui/Icon.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { saveBackup } from './save-backup.ts';
import type { SyncAction } from './sync-words.ts';

/** What the screens cannot do themselves. */
export type SyncServices = {
  readonly onSignIn: () => void;
  /** Changes to the newest app and loads the page again. */
  readonly onUpdate: () => void;
  /** The address of the page of this device. */
  readonly deviceHref: string;
};

type SyncActionsProps = {
  session: ListSession;
  actions: readonly SyncAction[];
  services: SyncServices;
};

export function SyncActions({ session, actions, services }: SyncActionsProps): ReactElement {
  const does: Readonly<Record<SyncAction, { label: string; icon?: IconName; run: () => void }>> = {
    retry: { label: words.retryNow, icon: 'refresh', run: () => session.retryNow() },
    backup: { label: words.backup, icon: 'download', run: () => saveBackup(session) },
    'set-aside': {
      label: words.exportSetAside,
      icon: 'download',
      run: () => void session.exportSetAside().then((blob) => saveFile(blob, 'wedsync-set-aside.json')),
    },
    'sign-in': { label: words.signIn, run: services.onSignIn },
    reload: { label: words.reload, icon: 'refresh', run: services.onUpdate },
  };
  return (
    <>
      {actions.map((action) => {
        const { label, icon, run } = does[action];
        return (
          <Button key={action} kind="primary" onClick={run} {...(icon !== undefined && { icon })}>
            {label}
          </Button>
        );
      })}
    </>
  );
}
