// Tags as chips that can be taken off, and a box that puts new ones on. Each tag is a field of its own, so two
// people adding tags at once both keep theirs.
import { normaliseTag } from '@wedsync/shared';
import { type ReactElement, useId, useMemo, useState } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { tagsOf } from '../edit/field-text.ts';
import { allTags } from './all-tags.ts';
import styles from './TagEditor.module.css';

type TagEditorProps = { session: ListSession; record: RecordView; canEdit: boolean };

export function TagEditor({ session, record, canEdit }: TagEditorProps): ReactElement {
  const tags = tagsOf(record);
  const [text, setText] = useState('');
  const id = useId();
  // Collected when the box is first used, not on every change of the list.
  const [wasUsed, setUsed] = useState(false);
  const suggestions = useMemo(() => (wasUsed ? allTags(session.index) : []), [session, wasUsed]);

  const add = (): void => {
    const added = text
      .split(',')
      .map(normaliseTag)
      .filter((tag) => tag !== '');
    setText('');
    if (added.length > 0)
      session.actions.edit(record.id, Object.fromEntries(added.map((tag) => [`tag:${tag}`, true])));
  };
  return (
    <div className={styles.tags}>
      {tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
          {canEdit && (
            <button
              type="button"
              className={styles.remove}
              aria-label={words.removeTag(tag)}
              title={words.removeTag(tag)}
              onClick={() => session.actions.edit(record.id, { [`tag:${tag}`]: false })}
            >
              <Icon name="close" size={14} />
            </button>
          )}
        </span>
      ))}
      {canEdit && (
        <>
          <input
            className={styles.input}
            value={text}
            placeholder={words.addTag}
            aria-label={words.addTag}
            list={`${id}-tags`}
            autoComplete="off"
            enterKeyHint="done"
            onFocus={() => setUsed(true)}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'Enter' || event.key === ',') {
                event.preventDefault();
                add();
              } else if (event.key === 'Escape') {
                event.stopPropagation();
                setText('');
                event.currentTarget.blur();
              } else if (event.key === 'Backspace' && text === '' && tags.length > 0) {
                session.actions.edit(record.id, { [`tag:${tags.at(-1)}`]: false });
              }
            }}
          />
          <datalist id={`${id}-tags`}>
            {suggestions
              .filter((tag) => !tags.includes(tag))
              .map((tag) => (
                <option key={tag} value={tag} />
              ))}
          </datalist>
        </>
      )}
    </div>
  );
}
