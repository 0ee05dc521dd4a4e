// The text box that a cell or a row turns into: Enter and leaving commit, Escape restores, a message says what is
// wrong and keeps the box open, so that nothing typed is lost.
import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactElement,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import { IconButton } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { FieldError } from '../../../ui/Field.tsx';
import styles from './FieldEditor.module.css';

/** How the editing ended: by Enter, by Tab (with Shift: backwards), by leaving with the pointer, or by Escape. */
export type EditEnd = 'enter' | 'next' | 'previous' | 'leave' | 'escape';

type FieldEditorProps = {
  label: string;
  field: string;
  initialText: string;
  /** Writes the text; answers a message when it cannot be used. Called at most once per distinct text. */
  commit: (text: string) => string | undefined;
  onEnd: (end: EditEnd) => void;
  /** Tab ends the editing here and is reported, instead of moving the focus by the browser's order. */
  isTabOurs?: boolean;
  suggestions?: readonly string[];
  className?: string | undefined;
};

const INPUT: Readonly<
  Record<string, { type?: string; inputMode?: 'tel' | 'email' | 'decimal'; autoComplete?: string }>
> = {
  email: { inputMode: 'email' },
  phone: { inputMode: 'tel' },
  price: { inputMode: 'decimal' },
};

export function FieldEditor(props: FieldEditorProps): ReactElement {
  const { label, field, initialText, commit, onEnd, isTabOurs = false, suggestions, className } = props;
  const [text, setText] = useState(initialText);
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const hasEnded = useRef(false);
  const id = useId();

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  const finish = (end: EditEnd, value = text): boolean => {
    if (hasEnded.current) return true;
    const problem = end === 'escape' || value === initialText ? undefined : commit(value);
    setError(problem);
    if (problem !== undefined) return false;
    hasEnded.current = true;
    onEnd(end);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      finish(event.key === 'Enter' ? 'enter' : 'escape');
    } else if (event.key === 'Tab' && isTabOurs) {
      event.preventDefault();
      finish(event.shiftKey ? 'previous' : 'next');
    }
  };
  const onBlur = (event: FocusEvent): void => {
    // The date picker belongs to the box: going to it is not leaving.
    if (box.current?.contains(event.relatedTarget) === true) return;
    finish('leave');
  };

  return (
    <div ref={box} className={cx(styles.editor, className)} onBlur={onBlur}>
      <div className={styles.box}>
        <input
          ref={input}
          className={styles.input}
          value={text}
          aria-label={label}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          autoComplete="off"
          enterKeyHint="done"
          {...INPUT[field]}
          {...(suggestions === undefined ? {} : { list: `${id}-list` })}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setError(undefined);
          }}
          onKeyDown={onKeyDown}
        />
        {suggestions !== undefined && (
          <datalist id={`${id}-list`}>
            {suggestions.map((suggestion) => (
              <option key={suggestion} value={suggestion} />
            ))}
          </datalist>
        )}
        {field === 'weddingDate' && <DatePick onPick={(date) => finish('enter', date)} />}
      </div>
      {error !== undefined && (
        <div className={styles.error}>
          <FieldError id={`${id}-error`} text={error} />
        </div>
      )}
    </div>
  );
}

/** A button that opens the device's own calendar; `onPick` gets `YYYY-MM-DD`. */
export function DatePick({ onPick }: { onPick: (date: string) => void }): ReactElement {
  const native = useRef<HTMLInputElement>(null);
  return (
    <span className={styles.pick}>
      <input
        ref={native}
        type="date"
        className={styles.native}
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => event.currentTarget.value !== '' && onPick(event.currentTarget.value)}
      />
      <IconButton icon="calendar" label={words.pickDate} onClick={() => native.current?.showPicker()} />
    </span>
  );
}
