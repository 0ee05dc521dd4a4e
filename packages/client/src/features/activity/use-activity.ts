// Pages of the activity, newest first; older ones are added as they are asked for.
import type { ActivityEntry, ActivityKind, ActivityPage } from '@wedsync/shared';
import { useCallback, useEffect, useRef, useState } from 'react';

export type LoadActivity = (query: {
  kind: ActivityKind;
  before?: string;
  limit: number;
}) => Promise<ActivityPage>;

export type Activity = {
  readonly entries: readonly ActivityEntry[] | undefined;
  /** Code of the error registry, or `unknown`. */
  readonly failure: string | undefined;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
};

const PAGE = 50;
const EXPORT_PAGE = 200;
/** A file that a spreadsheet still opens. */
const MAX_EXPORT = 50_000;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}

export function useActivity(load: LoadActivity, kind: ActivityKind): Activity {
  const [pages, setPages] = useState<readonly ActivityPage[]>();
  const [failure, setFailure] = useState<string>();
  const run = useRef(0);
  const read = useCallback(
    (before: string | undefined) => {
      run.current += 1;
      const own = run.current;
      load({ kind, limit: PAGE, ...(before === undefined ? {} : { before }) }).then(
        (page) => {
          if (own !== run.current) return;
          setFailure(undefined);
          setPages((last) => (before === undefined ? [page] : [...(last ?? []), page]));
        },
        (error: unknown) => own === run.current && setFailure(codeOf(error)),
      );
    },
    [load, kind],
  );
  useEffect(() => {
    setPages(undefined);
    read(undefined);
    return () => {
      run.current += 1;
    };
  }, [read]);
  const next = pages?.at(-1)?.next;
  return {
    entries: pages?.flatMap(({ entries }) => entries),
    failure,
    hasMore: next !== undefined,
    loadMore: () => read(next),
    reload: () => read(undefined),
  };
}

/** Everything of a kind, oldest page last. */
export async function loadAllActivity(load: LoadActivity, kind: ActivityKind): Promise<ActivityEntry[]> {
  const entries: ActivityEntry[] = [];
  let before: string | undefined;
  do {
    const page = await load({ kind, limit: EXPORT_PAGE, ...(before === undefined ? {} : { before }) });
    entries.push(...page.entries);
    before = page.next;
  } while (before !== undefined && entries.length < MAX_EXPORT);
  return entries;
}
