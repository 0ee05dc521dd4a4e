// The lists that a person may open, remembered on this device so that the app starts without network.
import { createSubscribable, type ListSummary, type Subscribable } from '@wedsync/shared';
import type { Person } from './account.ts';
import type { Api, ApiResult } from './api.ts';
import { createStoredValue, safeLocalStorage } from './stored-value.ts';

export type KnownLists = {
  /** Undefined until the server has answered once on this device. */
  readonly lists: Subscribable<readonly ListSummary[] | undefined>;
  readonly isRefreshing: Subscribable<boolean>;
  /** Asks the server; keeps what is known when it does not answer. */
  refresh(): Promise<ApiResult<readonly ListSummary[]>>;
  create(name: string): Promise<ApiResult<ListSummary>>;
  close(): void;
};

export function createKnownLists(
  person: Person,
  api: Pick<Api, 'lists' | 'createList'>,
  storage = safeLocalStorage(),
): KnownLists {
  const lists = createStoredValue<readonly ListSummary[]>(`wedsync-lists:${person.id}`, storage);
  const isRefreshing = createSubscribable(false);
  return {
    lists,
    isRefreshing,
    async refresh() {
      isRefreshing.set(true);
      const result = await api.lists();
      if (result.ok) lists.set(result.value);
      isRefreshing.set(false);
      return result;
    },
    async create(name) {
      const result = await api.createList(name);
      if (result.ok) lists.set([...(lists.value ?? []), result.value]);
      return result;
    },
    close: lists.close,
  };
}
