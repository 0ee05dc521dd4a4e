// Which values of a source go into which of our fields, with what its last events would become.
import { CONVERTERS, type Source, type SourcePreview } from '@wedsync/shared';
import { type ReactElement, useEffect, useId, useState } from 'react';
import { recordMessages } from '../../i18n/messages/record.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, SelectField } from '../../ui/Field.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import styles from './MappingDialog.module.css';
import { addRow, changeRow, type DraftRow, fromDraft, removeRow, TARGETS, toDraft } from './mapping-draft.ts';
import type { SourceTools } from './source-tools-api.ts';

type MappingDialogProps = { source: Source; tools: SourceTools; onClose: () => void; onSaved: () => void };

/** Typing is not previewed letter by letter. */
const PAUSE_MS = 600;

export const labelOfTarget = (target: string): string =>
  words.targets[target] ??
  recordMessages.fields[target] ??
  (target.startsWith('x:') ? words.ownField(target.slice(2)) : target);

export function MappingDialog({ source, tools, onClose, onSaved }: MappingDialogProps): ReactElement {
  const [draft, setDraft] = useState(() => toDraft(source.settings));
  const [preview, setPreview] = useState<SourcePreview>();
  const [isInvalid, setInvalid] = useState(false);
  const toasts = useToasts();
  const expressionId = useId();
  useEffect(() => {
    const state = { isCurrent: true };
    const timer = setTimeout(async () => {
      try {
        const next = await tools.preview(source.id, fromDraft(draft, source.settings));
        if (state.isCurrent) {
          setPreview(next);
          setInvalid(false);
        }
      } catch {
        if (state.isCurrent) setInvalid(true);
      }
    }, PAUSE_MS);
    return () => {
      state.isCurrent = false;
      clearTimeout(timer);
    };
  }, [draft, source, tools]);
  const save = async (): Promise<void> => {
    try {
      await tools.saveSettings(source.id, fromDraft(draft, source.settings));
      toasts.show({ text: words.saved });
      onSaved();
    } catch {
      setInvalid(true);
    }
  };
  const text = (key: 'externalIdPath' | 'timeZone' | 'currency') => ({
    value: draft[key],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setDraft((before) => ({ ...before, [key]: value }));
    },
  });
  return (
    <Dialog
      size="medium"
      title={words.fieldsTitle(source.name)}
      lead={words.fieldsLead}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="primary" onClick={() => void save()}>
            {words.save}
          </Button>
        </>
      }
    >
      <div className={styles.editor}>
        {preview?.places.length === 0 && <p className={styles.note}>{words.noPlaces}</p>}
        {draft.rows.map((row, index) => (
          <Row
            key={row.key}
            row={row}
            number={index + 1}
            places={preview?.places ?? []}
            onChange={(change) => setDraft((before) => changeRow(before, row.key, change))}
            onRemove={() => setDraft((before) => removeRow(before, row.key))}
          />
        ))}
        <Button icon="add" onClick={() => setDraft(addRow)}>
          {words.addRow}
        </Button>
        <Field label={words.externalIdPath} {...text('externalIdPath')} />
        <Field label={words.timeZone} hint={words.timeZoneHint} {...text('timeZone')} />
        <Field label={words.currency} hint={words.currencyHint} maxLength={3} {...text('currency')} />
        <div>
          <label htmlFor={expressionId} className={styles.label}>
            {words.expression}
          </label>
          <textarea
            id={expressionId}
            className={styles.expression}
            rows={4}
            spellCheck={false}
            aria-describedby={`${expressionId}-hint`}
            value={draft.expression}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setDraft((before) => ({ ...before, expression: value }));
            }}
          />
          <p id={`${expressionId}-hint`} className={styles.note}>
            {words.expressionHint}
          </p>
        </div>
        {isInvalid && (
          <p role="alert" className={styles.invalid}>
            {words.invalid}
          </p>
        )}
        <Preview preview={preview} />
      </div>
    </Dialog>
  );
}

type RowProps = {
  row: DraftRow;
  number: number;
  places: SourcePreview['places'];
  onChange: (change: Partial<Omit<DraftRow, 'key'>>) => void;
  onRemove: () => void;
};

function Row({ row, number, places, onChange, onRemove }: RowProps): ReactElement {
  const paths = places.map(({ path }) => path);
  const targets: readonly string[] = TARGETS;
  return (
    <fieldset className={styles.row}>
      <SelectField
        label={words.from}
        value={row.from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      >
        <option value="">{words.choose}</option>
        {row.from !== '' && !paths.includes(row.from) && <option value={row.from}>{row.from}</option>}
        {places.map(({ path, sample }) => (
          <option key={path} value={path}>
            {sample === '' ? path : `${path} (${sample})`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.to}
        value={row.to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      >
        <option value="">{words.choose}</option>
        {row.to !== '' && !targets.includes(row.to) && (
          <option value={row.to}>{labelOfTarget(row.to)}</option>
        )}
        {targets.map((target) => (
          <option key={target} value={target}>
            {labelOfTarget(target)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.convert}
        value={row.convert}
        onChange={(event) => onChange({ convert: event.currentTarget.value })}
      >
        {CONVERTERS.map((converter) => (
          <option key={converter} value={converter}>
            {words.converters[converter]}
          </option>
        ))}
      </SelectField>
      <IconButton icon="trash" label={words.removeRow(number)} onClick={onRemove} />
    </fieldset>
  );
}

function Preview({ preview }: { preview: SourcePreview | undefined }): ReactElement | null {
  if (preview === undefined) return null;
  return (
    <section aria-live="polite">
      <h3 className={styles.label}>{words.preview}</h3>
      {preview.previews.length === 0 && <p className={styles.note}>{words.previewEmpty}</p>}
      {preview.previews.map(({ id, event, values, reason, problems }) => (
        <div key={id} className={styles.preview}>
          <p>
            <strong>{words.events[event] ?? event}</strong>
          </p>
          {reason !== undefined && <p className={styles.note}>{reason}</p>}
          {problems.length > 0 && reason === undefined && (
            <p className={styles.note}>{problems.join(', ')}</p>
          )}
          {reason === undefined && Object.keys(values).length === 0 && (
            <p className={styles.note}>{words.previewNothing}</p>
          )}
          <dl className={styles.values}>
            {Object.entries(values).map(([field, value]) => (
              <div key={field}>
                <dt>{labelOfTarget(field)}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}
