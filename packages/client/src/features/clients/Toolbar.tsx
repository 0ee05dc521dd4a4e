// Search first, then the one thing to do. The title below says which couples these are.
import type { ReactElement, RefObject } from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import styles from './Toolbar.module.css';

type SearchBoxProps = {
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
  onDown: () => void;
};

/** `onDown` is called for the arrow down or Enter: on to the results. */
export function SearchBox({ value, onChange, inputRef, onDown }: SearchBoxProps): ReactElement {
  return (
    <search className={styles.search}>
      <Icon name="search" size={18} />
      <input
        ref={inputRef}
        type="search"
        className={styles.input}
        value={value}
        placeholder={words.search}
        aria-label={words.search}
        aria-keyshortcuts="/"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            if (value === '') event.currentTarget.blur();
            else onChange('');
          } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            onDown();
          }
        }}
      />
      {value === '' ? (
        <kbd className={styles.key} aria-hidden="true">
          {words.searchHint}
        </kbd>
      ) : (
        <IconButton
          icon="close"
          label={words.clearSearch}
          className={styles.clear}
          onClick={() => onChange('')}
        />
      )}
    </search>
  );
}

export function AddButton({ onAdd }: { onAdd: () => void }): ReactElement {
  return (
    <Button kind="primary" icon="add" onClick={onAdd} aria-keyshortcuts="c">
      {words.add}
    </Button>
  );
}
