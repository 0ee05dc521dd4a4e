// Import from a CSV file: choose, check what was understood, add. Nothing is written before the last press, and one
// undo takes all of it back.
import type { PlannedRow } from '@wedsync/shared';
import { type DragEvent, type ReactElement, useId, useState } from 'react';
import { importMessages as words } from '../../i18n/messages/import.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSubscribable } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import { ContactSheet } from '../../ui/ContactSheet.tsx';
import { cx } from '../../ui/cx.ts';
import { Page } from '../../ui/Page.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { ImportColumns } from './ImportColumns.tsx';
import styles from './ImportPage.module.css';
import { ImportPreview } from './ImportPreview.tsx';
import { type ImportState, useImport } from './use-import.ts';

type ImportPageProps = { session: ListSession; onDone: () => void };
type Choices = ReadonlyMap<number, PlannedRow['action']>;

export function ImportPage({ session, onDone }: ImportPageProps): ReactElement {
  const flow = useImport(session);
  const canEdit = useSubscribable(session.canEdit);
  const toasts = useToasts();
  const [choices, setChoices] = useState<Choices>(new Map());
  const [progress, setProgress] = useState<number>();
  const { state } = flow;

  const add = async (rows: readonly PlannedRow[], fileName: string): Promise<void> => {
    setProgress(0);
    const { recordIds } = await session.actions.importRows(
      rows.map(({ fields }) => ({ fields })),
      {
        name: words.batch(fileName),
        onProgress: (done, total) => setProgress(Math.round((done / total) * 100)),
      },
    );
    toasts.show({
      text: words.done(recordIds.length),
      action: { label: messages.undo, run: () => void session.actions.undo() },
    });
    onDone();
  };

  return (
    <Page title={words.title} lead={words.lead}>
      {!canEdit && <p className={styles.problem}>{words.readOnly}</p>}
      {canEdit && state.state !== 'reviewing' && <DropZone state={state} onFile={flow.choose} />}
      {canEdit && state.state === 'reviewing' && (
        <>
          <div className={styles.file}>
            <strong>{words.file(state.fileName, state.rowCount)}</strong>
            <Button
              onClick={() => {
                setChoices(new Map());
                flow.reset();
              }}
            >
              {words.otherFile}
            </Button>
          </div>
          <ImportColumns mapping={state.mapping} samples={state.samples} onTarget={flow.setTarget} />
          {state.plan === undefined ? (
            <p role="status">{words.checking}</p>
          ) : (
            <ImportPreview
              plan={state.plan}
              choices={choices}
              progress={progress}
              onChoose={(line, action) => setChoices((before) => new Map(before).set(line, action))}
              onDateOrder={flow.setDateOrder}
              onSubmit={(rows) => void add(rows, state.fileName)}
            />
          )}
        </>
      )}
    </Page>
  );
}

type DropZoneProps = { state: Exclude<ImportState, { state: 'reviewing' }>; onFile: (file: File) => void };

function DropZone({ state, onFile }: DropZoneProps): ReactElement {
  const inputId = useId();
  const [isOver, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) onFile(file);
  };
  const problem = state.state === 'choosing' ? state.problem : undefined;
  return (
    <>
      {problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {problem === 'empty' ? words.empty : words.notReadable}
        </p>
      )}
      <div
        className={cx(styles.drop, isOver && styles.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <ContactSheet frames={['arch', 'aisle', 'rings']} chosen={1} className={styles.picture} />
        <p className={styles.dropText}>{isOver ? words.dropNow : words.drop}</p>
        {state.state === 'reading' ? (
          <p role="status">{words.reading}</p>
        ) : (
          <label className={styles.choose} htmlFor={inputId}>
            {words.choose}
            <input
              id={inputId}
              type="file"
              accept=".csv,.tsv,.txt,text/csv,text/plain"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file !== undefined) onFile(file);
              }}
            />
          </label>
        )}
      </div>
    </>
  );
}
