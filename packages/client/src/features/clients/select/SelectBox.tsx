// The box that chooses a couple. In the table the key for it is X, so Tab passes by.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import styles from './SelectBox.module.css';

type SelectBoxProps = {
  couple: string;
  isSelected: boolean;
  onSelect: (isRange: boolean) => void;
  id?: string;
  tabIndex?: number;
};

export function SelectBox({ couple, isSelected, onSelect, id, tabIndex }: SelectBoxProps): ReactElement {
  return (
    <input
      id={id}
      type="checkbox"
      className={styles.box}
      tabIndex={tabIndex}
      checked={isSelected}
      aria-label={words.select(couple)}
      onChange={({ nativeEvent }) => onSelect(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
    />
  );
}
