// The couple's notes: one text that merges while two people type, and beneath it what other systems noted.
import { type ReactElement, useEffect, useId, useRef, useState } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import type { NoteHandle, NoteState } from '../../../session/note-handle.ts';
import styles from './RecordNotes.module.css';

type RecordNotesProps = { session: ListSession; record: RecordView; canEdit: boolean };

/** Mount it once per record (`key`): it opens the note and closes it when it goes. */
export function RecordNotes({ session, record, canEdit }: RecordNotesProps): ReactElement {
  const area = useRef<HTMLTextAreaElement>(null);
  const [state, setState] = useState<NoteState>('loading');
  const id = useId();
  const recordId = record.id;

  useEffect(() => {
    if (area.current === null) return;
    const note: NoteHandle = session.notes(recordId);
    const unbind = note.bind(area.current);
    const unsubscribe = note.state.subscribe(setState);
    setState(note.state.value);
    return () => {
      unsubscribe();
      unbind();
      note.close();
    };
  }, [session, recordId]);

  return (
    <section>
      <h3 className={styles.title}>
        <label htmlFor={id}>{words.notes}</label>
      </h3>
      <textarea
        ref={area}
        id={id}
        className={styles.area}
        rows={4}
        placeholder={words.notesPlaceholder}
        readOnly={!canEdit}
        aria-describedby={state === 'missing' ? `${id}-state` : undefined}
      />
      {state === 'missing' && (
        <p id={`${id}-state`} className={styles.state}>
          {words.notesMissing}
        </p>
      )}
      {Object.entries(record.values)
        .filter(([field, value]) => field.startsWith('note:') && typeof value === 'string')
        .map(([field, value]) => (
          <figure key={field} className={styles.foreign}>
            <figcaption>{words.notesFrom(field.slice('note:'.length))}</figcaption>
            <p>{value}</p>
          </figure>
        ))}
    </section>
  );
}
