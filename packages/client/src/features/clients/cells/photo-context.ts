// Where the photos of the open list come from, for the cells that show them.
import { createContext, useEffect, useState } from 'react';
import type { Account, Person } from '../../../session/account.ts';
import type { PhotoSource } from '../../../session/photo-shelf.ts';

export const PhotoContext = createContext<PhotoSource | undefined>(undefined);

/** Undefined without a list. Ends with the list, and with it the pictures that the page holds. */
export function usePhotoSource(
  account: Account,
  person: Person,
  listId: string | undefined,
): PhotoSource | undefined {
  const [source, setSource] = useState<PhotoSource>();
  useEffect(() => {
    if (listId === undefined) return undefined;
    const end = new AbortController();
    setSource({ personId: person.id, listId, getToken: account.getToken, signal: end.signal });
    return () => end.abort();
  }, [account, person, listId]);
  return source?.listId === listId ? source : undefined;
}
