// The first list of a person: the one they have, or a new one of theirs at the first sign-in.
import { useEffect, useState } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { KnownLists } from '../session/lists.ts';

export type InitialList =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly listId: string }
  | { readonly state: 'failed'; readonly retry: () => void };

/** Asks the server for the lists; offline, what is known on this device counts. */
export function useInitialList(known: KnownLists): InitialList {
  const [attempt, setAttempt] = useState(0);
  const [result, setResult] = useState<InitialList>({ state: 'loading' });
  useEffect(() => {
    let isCurrent = true;
    const settle = (next: InitialList): void => {
      if (isCurrent) setResult(next);
    };
    const find = async (): Promise<void> => {
      const answer = await known.refresh();
      const first = (answer.ok ? answer.value : known.lists.value)?.[0];
      if (first !== undefined) return settle({ state: 'ready', listId: first.id });
      if (!answer.ok) return settle({ state: 'failed', retry: () => setAttempt((n) => n + 1) });
      const created = await known.create(words.firstListName);
      if (created.ok) return settle({ state: 'ready', listId: created.value.id });
      settle({ state: 'failed', retry: () => setAttempt((n) => n + 1) });
    };
    setResult({ state: 'loading' });
    void find();
    return () => {
      isCurrent = false;
    };
  }, [known, attempt]);
  return result;
}
