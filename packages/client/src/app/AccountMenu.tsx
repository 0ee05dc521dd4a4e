// Who is signed in, and what belongs to the whole app: appearance, backup, keys, sign out.
import { type ReactElement, useState } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { ListSession } from '../session/list-session.ts';
import { useUndoState } from '../session/react.ts';
import { Icon } from '../ui/Icon.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import styles from './AccountMenu.module.css';
import { PAGES } from './pages.ts';
import type { PageName } from './routes.ts';
import { readScheme, SCHEMES, writeScheme } from './scheme.ts';

type AccountMenuProps = {
  session: ListSession;
  onStep: (direction: 'undo' | 'redo') => void;
  /** Screens that have no other way on this window: a phone has no sidebar. */
  pages: readonly PageName[];
  onPage: (page: PageName) => void;
  onBackup: () => void;
  onFind: () => void;
  onHelp: () => void;
  onSignOut: () => void;
  onDelete: () => void;
};

export function AccountMenu(props: AccountMenuProps): ReactElement {
  const { session, onStep, pages, onPage, onBackup, onFind, onHelp, onSignOut, onDelete } = props;
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
    ...pages.map((page): MenuItem => ({ type: 'action', ...PAGES[page], run: () => onPage(page) })),
    { type: 'action', label: words.find, icon: 'search', hint: 'Ctrl K', run: onFind },
    { type: 'action', label: words.help, icon: 'help', hint: '?', run: onHelp },
    { type: 'action', label: words.backup, icon: 'download', run: onBackup },
    { type: 'line' },
    { type: 'action', label: words.signOut, icon: 'signOut', run: onSignOut },
    { type: 'action', label: words.deleteAccount, icon: 'trash', isDanger: true, run: onDelete },
  ];
  return (
    <Menu label={words.account(email)} items={items} className={styles.button}>
      <Icon name="person" />
    </Menu>
  );
}
