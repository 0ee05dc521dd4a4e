// Who is signed in, and what belongs to the whole app: appearance, backup, keys, sign out.
import { type ReactElement, useState } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { ListSession } from '../session/list-session.ts';
import { useUndoState } from '../session/react.ts';
import { Icon } from '../ui/Icon.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import styles from './AccountMenu.module.css';
import { readScheme, type Scheme, writeScheme } from './scheme.ts';

type AccountMenuProps = {
  session: ListSession;
  onStep: (direction: 'undo' | 'redo') => void;
  onDevice: () => void;
  onBackup: () => void;
  onHelp: () => void;
  onSignOut: () => void;
};

const SCHEMES: readonly Scheme[] = ['auto', 'light', 'dark'];

export function AccountMenu(props: AccountMenuProps): ReactElement {
  const { session, onStep, onDevice, onBackup, onHelp, onSignOut } = props;
  const { email } = session.person;
  const { undo, redo } = useUndoState(session);
  const [scheme, setScheme] = useState(readScheme);
  const items: MenuItem[] = [
    { type: 'title', label: email },
    { type: 'line' },
    { type: 'title', label: words.appearance },
    ...SCHEMES.map(
      (value): MenuItem => ({
        type: 'action',
        label: words.schemes[value],
        isChecked: scheme === value,
        run: () => {
          writeScheme(value);
          setScheme(value);
        },
      }),
    ),
    { type: 'line' },
    ...(undo === undefined
      ? []
      : [
          {
            type: 'action',
            label: words.undoStep(undo),
            icon: 'restore',
            run: () => onStep('undo'),
          } as const,
        ]),
    ...(redo === undefined
      ? []
      : [
          {
            type: 'action',
            label: words.redoStep(redo),
            icon: 'refresh',
            run: () => onStep('redo'),
          } as const,
        ]),
    { type: 'action', label: words.device, icon: 'device', run: onDevice },
    { type: 'action', label: words.help, icon: 'help', hint: '?', run: onHelp },
    { type: 'action', label: words.backup, icon: 'download', run: onBackup },
    { type: 'line' },
    { type: 'action', label: words.signOut, icon: 'signOut', run: onSignOut },
  ];
  return (
    <Menu label={words.account(email)} items={items} className={styles.button}>
      <Icon name="person" />
    </Menu>
  );
}
