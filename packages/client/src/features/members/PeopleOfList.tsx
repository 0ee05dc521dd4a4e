// The people page as the app opens it: over the API, for one list, with its name as it is known now.
import { type ReactElement, useMemo } from 'react';
import type { Api } from '../../session/api.ts';
import type { ListSession } from '../../session/list-session.ts';
import type { KnownLists } from '../../session/lists.ts';
import { useSubscribable } from '../../session/react.ts';
import { MembersPage } from './MembersPage.tsx';
import { createMembersApi } from './members-api.ts';

type PeopleOfListProps = { api: Api; session: ListSession; lists: KnownLists; onLeft: () => void };

export function PeopleOfList({ api, session, lists, onLeft }: PeopleOfListProps): ReactElement {
  const { listId, person } = session;
  const members = useMemo(() => createMembersApi(api, listId), [api, listId]);
  const known = useSubscribable(lists.lists);
  return (
    <MembersPage
      api={members}
      userId={person.id}
      listName={known?.find(({ id }) => id === listId)?.name ?? ''}
      onListsChanged={async () => void (await lists.refresh())}
      onLeft={onLeft}
    />
  );
}
