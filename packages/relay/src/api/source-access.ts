// Who may look after the sources of a list: its owner and editors.
import { AppError, type Role } from '@wedsync/shared';
import type { SourceStore, SourceWithSecrets } from '../inbound/source-store.ts';
import type { Person } from './api.ts';

export interface SourceAccess {
  /** Who is no member learns nothing; who may only read is told so. */
  requireEditor(listId: string, person: Person): Promise<void>;
  ownSource(id: string, person: Person): Promise<SourceWithSecrets>;
}

export function createSourceAccess(deps: {
  readonly sources: Pick<SourceStore, 'get'>;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
}): SourceAccess {
  async function requireEditor(listId: string, person: Person): Promise<void> {
    const role = await deps.roleOf(listId, person.userId);
    if (role === '') throw new AppError('not-found');
    if (role === 'viewer') throw new AppError('forbidden');
  }
  return {
    requireEditor,
    async ownSource(id, person) {
      const found = await deps.sources.get(id);
      if (found === undefined) throw new AppError('not-found');
      await requireEditor(found.source.listId, person);
      return found;
    },
  };
}
