// The name of the open list, and the way to the others.
import type { ReactElement } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { BrandMark } from '../ui/Brand.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import styles from './ListSwitcher.module.css';

export type ListChoice = { readonly id: string; readonly name: string };

type ListSwitcherProps = {
  lists: readonly ListChoice[];
  currentId: string;
  onChoose: (id: string) => void;
  onNew: () => void;
  onPeople: () => void;
};

export function ListSwitcher({
  lists,
  currentId,
  onChoose,
  onNew,
  onPeople,
}: ListSwitcherProps): ReactElement {
  const current = lists.find(({ id }) => id === currentId)?.name ?? words.firstListName;
  const items: MenuItem[] = [
    { type: 'title', label: words.lists },
    ...lists.map(
      ({ id, name }): MenuItem => ({
        type: 'action',
        label: name,
        isChecked: id === currentId,
        run: () => onChoose(id),
      }),
    ),
    { type: 'line' },
    { type: 'action', label: words.peopleOfList, icon: 'person', run: onPeople },
    { type: 'action', label: words.newList, icon: 'add', run: onNew },
  ];
  return (
    <Menu label={words.switchList(current)} items={items} className={styles.button}>
      <BrandMark size={28} />
      <span className={styles.name}>{current}</span>
      <Icon name="chevronDown" size={16} />
    </Menu>
  );
}
