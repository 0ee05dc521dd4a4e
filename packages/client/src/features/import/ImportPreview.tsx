// Every row before it is added: what it becomes, what could not be used, which couples it doubles.
import { coupleName, formatField, type ImportPlan, type PlannedRow } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { locale } from '../../i18n/formatters.ts';
import { importMessages as words } from '../../i18n/messages/import.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import styles from './ImportPage.module.css';
import type { DateOrderChoice } from './import-messages.ts';

type ImportPreviewProps = {
  plan: ImportPlan;
  /** The person's answers by line. */
  choices: ReadonlyMap<number, PlannedRow['action']>;
  /** Percent while rows are being added. */
  progress: number | undefined;
  onChoose: (line: number, action: PlannedRow['action']) => void;
  onDateOrder: (order: DateOrderChoice) => void;
  onSubmit: (rows: readonly PlannedRow[]) => void;
};

/** More rows than this are counted, not listed. */
const SHOWN_ROWS = 200;

export function ImportPreview(props: ImportPreviewProps): ReactElement {
  const { plan, choices, progress } = props;
  const [onlyProblems, setOnlyProblems] = useState(false);
  const actionOf = (row: PlannedRow): PlannedRow['action'] => choices.get(row.line) ?? row.action;
  const added = plan.rows.filter((row) => actionOf(row) === 'add');
  const listed = onlyProblems
    ? plan.rows.filter((row) => row.action !== 'add' || row.errors.length > 0)
    : plan.rows;

  return (
    <section>
      {plan.dateOrder.state === 'ask' && <DateOrderQuestion plan={plan} onDateOrder={props.onDateOrder} />}
      <div className={styles.previewHead}>
        <h2 className={styles.heading}>{words.previewTitle}</h2>
        <label className={styles.only}>
          <input
            type="checkbox"
            checked={onlyProblems}
            onChange={(event) => setOnlyProblems(event.currentTarget.checked)}
          />
          {words.onlyProblems}
        </label>
      </div>
      <ul className={styles.rows}>
        {listed.slice(0, SHOWN_ROWS).map((row) => (
          <PreviewRow key={row.line} row={row} action={actionOf(row)} onChoose={props.onChoose} />
        ))}
      </ul>
      {listed.length > SHOWN_ROWS && (
        <p className={styles.lead}>{words.shownOf(SHOWN_ROWS, listed.length)}</p>
      )}
      <div className={styles.submit}>
        <span>{words.summary(added.length, 0, plan.rows.length - added.length)}</span>
        {progress !== undefined && (
          <span role="status">
            {words.importing} {words.progress(progress)}
          </span>
        )}
        <Button
          kind="primary"
          isBusy={progress !== undefined}
          disabled={added.length === 0 || progress !== undefined}
          onClick={() => props.onSubmit(added)}
        >
          {added.length === 0 ? words.nothing : words.submit(added.length)}
        </Button>
      </div>
    </section>
  );
}

function DateOrderQuestion({
  plan,
  onDateOrder,
}: Pick<ImportPreviewProps, 'plan' | 'onDateOrder'>): ReactElement {
  const example = plan.dateOrder.state === 'ask' ? (plan.dateOrder.ambiguous[0]?.text ?? '') : '';
  return (
    <div className={styles.question} role="group" aria-label={words.dateOrderTitle}>
      <strong>{words.dateOrderTitle}</strong>
      <p>{words.dateOrderText(example)}</p>
      <Button onClick={() => onDateOrder('dmy')}>{words.dayFirst}</Button>
      <Button onClick={() => onDateOrder('mdy')}>{words.monthFirst}</Button>
    </div>
  );
}

type PreviewRowProps = {
  row: PlannedRow;
  action: PlannedRow['action'];
  onChoose: ImportPreviewProps['onChoose'];
};

function PreviewRow({ row, action, onChoose }: PreviewRowProps): ReactElement {
  const name = coupleName(row.fields) || '–';
  const details = ['weddingDate', 'venue', 'status', 'price', 'email']
    .flatMap((field) => {
      const value = row.fields[field];
      return value === undefined || value === null ? [] : [formatField(field, value, { locale })];
    })
    .join(' · ');
  return (
    <li className={cx(styles.row, action !== 'add' && styles.left)}>
      <span className={styles.line}>{words.rowLine(row.line)}</span>
      <span className={styles.what}>
        <strong>{name}</strong>
        <span className={styles.details}>{details}</span>
        {row.errors.map((error) => (
          <span key={`${error.header}-${error.code}`} className={styles.rowError}>
            {error.header}: “{error.text}”. {words.errors[error.code] ?? words.error}.
          </span>
        ))}
      </span>
      <span className={styles.state}>{stateText(row)}</span>
      {(row.action !== 'add' || row.errors.length > 0) && (
        <select
          aria-label={words.duplicateChoice(name)}
          value={action === 'add' ? 'add' : 'skip'}
          onChange={(event) => onChoose(row.line, event.currentTarget.value === 'add' ? 'add' : 'skip')}
        >
          <option value="skip">{words.skip}</option>
          <option value="add">{words.addAnyway}</option>
        </select>
      )}
    </li>
  );
}

function stateText({ reason }: PlannedRow): string {
  if (reason === 'new') return words.stateNew;
  if (reason === 'in-list') return words.stateDuplicate;
  if (reason === 'possibly-in-list') return words.statePossible;
  if (reason === 'duplicate-in-file' || reason === 'possible-duplicate-in-file') return words.stateSame;
  return words.errors['no-name'] ?? words.stateError;
}
