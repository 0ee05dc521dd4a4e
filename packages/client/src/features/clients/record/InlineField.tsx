// A field that reads as text and turns into its editor on a press; Enter commits, Escape restores, Tab goes on.
import { createContext, type ReactElement, type ReactNode, useContext, useRef, useState } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { cx } from '../../../ui/cx.ts';
import { useToday } from '../../../ui/use-today.ts';
import { FieldEditor } from '../edit/FieldEditor.tsx';
import { displayText, editText, toChanges } from '../edit/typed-text.ts';
import { labelOf } from './ConflictList.tsx';
import styles from './InlineField.module.css';

/**
 * Set while Tab is leaving an editor: the field that takes the focus next then opens by itself, so that a whole
 * record can be typed from top to bottom.
 */
export const EditChain = createContext<{ current: boolean }>({ current: false });

type InlineFieldProps = {
  session: ListSession;
  record: RecordView;
  field: string;
  canEdit: boolean;
  /** What stands there instead of the plain text. */
  display?: ReactNode;
  className?: string | undefined;
};

export function InlineField({
  session,
  record,
  field,
  canEdit,
  display,
  className,
}: InlineFieldProps): ReactElement {
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const chain = useContext(EditChain);
  const today = useToday();
  const label = labelOf(field);
  const text = displayText(field, record);

  if (isEditing)
    return (
      <div
        onKeyDown={(event) => {
          if (event.key === 'Tab') chain.current = true;
        }}
      >
        <FieldEditor
          label={label}
          field={field}
          initialText={editText(field, record)}
          className={cx(styles.editor, className)}
          commit={(input) => {
            const result = toChanges(field, input, record, today);
            if (!result.ok) return result.message;
            session.actions.edit(record.id, result.changes);
            return undefined;
          }}
          onEnd={(end) => {
            setEditing(false);
            if (end === 'enter' || end === 'escape') requestAnimationFrame(() => button.current?.focus());
          }}
        />
      </div>
    );
  const shown = display ?? text;
  const isEmpty = shown === '';
  const addLabel = words.add(label);
  // The name of a control holds the words that stand on it (WCAG 2.5.3), for those who speak to their computer.
  const spoken = typeof shown === 'string' ? shown : text;
  const content = isEmpty ? addLabel : shown;
  if (!canEdit)
    return (
      <span className={cx(styles.value, styles.readOnly, className, isEmpty && styles.empty)}>
        {isEmpty ? '–' : content}
      </span>
    );
  return (
    <button
      ref={button}
      type="button"
      className={cx(styles.value, className, isEmpty && styles.empty)}
      aria-label={isEmpty ? addLabel : `${label}: ${spoken}. ${words.edit(label)}`}
      onClick={() => setEditing(true)}
      onFocus={() => {
        if (!chain.current) return;
        chain.current = false;
        setEditing(true);
      }}
    >
      {content}
    </button>
  );
}
