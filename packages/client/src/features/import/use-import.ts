// One import from file to plan, as one state: choosing, reading, reviewing, adding.
import type { ColumnMapping, CsvTarget, ImportPlan } from '@wedsync/shared';
import { useCallback, useEffect, useRef, useState } from 'react';
import { locale } from '../../i18n/formatters.ts';
import type { ListSession } from '../../session/list-session.ts';
import type { DateOrderChoice, FromImportWorker, ToImportWorker } from './import-messages.ts';

export type ImportState =
  | { readonly state: 'choosing'; readonly problem?: 'unreadable' | 'empty' }
  | { readonly state: 'reading'; readonly fileName: string }
  | {
      readonly state: 'reviewing';
      readonly fileName: string;
      readonly rowCount: number;
      readonly mapping: readonly ColumnMapping[];
      readonly samples: readonly string[];
      readonly dateOrder?: DateOrderChoice;
      /** Undefined while it is being made. */
      readonly plan: ImportPlan | undefined;
    };

export type ImportFlow = {
  readonly state: ImportState;
  choose(file: File): void;
  setTarget(column: number, target: CsvTarget): void;
  setDateOrder(order: DateOrderChoice): void;
  reset(): void;
};

export function useImport(session: ListSession): ImportFlow {
  const [state, setState] = useState<ImportState>({ state: 'choosing' });
  const worker = useRef<Worker>(undefined);

  const ask = useCallback((message: ToImportWorker): void => worker.current?.postMessage(message), []);

  const plan = useCallback(
    (mapping: readonly ColumnMapping[], dateOrder: DateOrderChoice | undefined): void => {
      const existing = [...session.index.ids()].flatMap((id) => {
        const record = session.index.get(id);
        return record === undefined ? [] : [{ id, values: { ...record.values } }];
      });
      ask({ type: 'plan', mapping, existing, locale, ...(dateOrder === undefined ? {} : { dateOrder }) });
    },
    [ask, session],
  );

  useEffect(() => {
    const started = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' });
    worker.current = started;
    started.onerror = () => setState({ state: 'choosing', problem: 'unreadable' });
    started.onmessage = ({ data }: MessageEvent<FromImportWorker>) => {
      if (data.type === 'unreadable') setState({ state: 'choosing', problem: 'unreadable' });
      else if (data.type === 'plan') {
        setState((before) => (before.state === 'reviewing' ? { ...before, plan: data.plan } : before));
      } else if (data.rowCount === 0) setState({ state: 'choosing', problem: 'empty' });
      else {
        const { mapping, samples, rowCount } = data;
        plan(mapping, undefined);
        setState((before) => ({
          state: 'reviewing',
          fileName: before.state === 'reading' ? before.fileName : '',
          rowCount,
          mapping,
          samples,
          plan: undefined,
        }));
      }
    };
    return () => started.terminate();
  }, [plan]);

  return {
    state,
    choose(file) {
      setState({ state: 'reading', fileName: file.name });
      file.arrayBuffer().then(
        (bytes) => ask({ type: 'read', bytes }),
        () => setState({ state: 'choosing', problem: 'unreadable' }),
      );
    },
    setTarget(column, target) {
      if (state.state !== 'reviewing') return;
      const mapping = state.mapping.map((item) => (item.column === column ? { ...item, target } : item));
      setState({ ...state, mapping });
      plan(mapping, state.dateOrder);
    },
    setDateOrder(dateOrder) {
      if (state.state !== 'reviewing') return;
      setState({ ...state, dateOrder });
      plan(state.mapping, dateOrder);
    },
    reset: () => setState({ state: 'choosing' }),
  };
}
