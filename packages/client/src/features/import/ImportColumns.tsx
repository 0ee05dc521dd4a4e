// What each column of the file becomes: guessed, shown with an example, changeable.
import { type ColumnMapping, CSV_TARGETS, type CsvTarget } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { importMessages as words } from '../../i18n/messages/import.ts';
import styles from './ImportPage.module.css';

type ImportColumnsProps = {
  mapping: readonly ColumnMapping[];
  samples: readonly string[];
  onTarget: (column: number, target: CsvTarget) => void;
};

export function ImportColumns({ mapping, samples, onTarget }: ImportColumnsProps): ReactElement {
  return (
    <section>
      <h2 className={styles.heading}>{words.columnsTitle}</h2>
      <p className={styles.lead}>{words.columnsLead}</p>
      <ul className={styles.columns}>
        {mapping.map(({ column, header, target }) => (
          <li key={column} className={styles.column} data-ignored={target === 'ignore'}>
            <span className={styles.header}>{header}</span>
            <span className={styles.sample}>{samples[column] ?? ''}</span>
            <select
              aria-label={words.columnField(header)}
              value={target}
              onChange={(event) => onTarget(column, event.currentTarget.value as CsvTarget)}
            >
              {CSV_TARGETS.map((option) => (
                <option key={option.target} value={option.target}>
                  {option.target === 'ignore'
                    ? words.skipColumn
                    : (words.fields[option.target] ?? option.label)}
                </option>
              ))}
              {!CSV_TARGETS.some((option) => option.target === target) && (
                <option value={target}>{target}</option>
              )}
            </select>
          </li>
        ))}
      </ul>
    </section>
  );
}
