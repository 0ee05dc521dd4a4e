// Versions of a list: seen by its members, made and restored by its owner and editors.
import {
  AppError,
  createVersionRequestSchema,
  type Role,
  restoreCountsSchema,
  restoreResponseSchema,
  versionSchema,
  versionsResponseSchema,
} from '@wedsync/shared';
import * as z from 'zod';
import type { Rpc } from '../store/rpc.ts';
import type { VersionStore } from '../versions/version-store.ts';
import type { DocumentWriter } from '../writer/document-writer.ts';
import type { Api, Person } from './api.ts';

export interface VersionRouteDeps {
  readonly versions: VersionStore;
  readonly writer: Pick<DocumentWriter, 'capture' | 'previewRestore' | 'restore'>;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
  readonly rpc: Rpc;
  readonly now: () => number;
}

/** Edits do not come so close behind each other for so long, not even those of a CRM that sends all it has. */
const MAX_ATTEMPTS = 10;

const listParams = z.object({ id: z.string() });
const versionParams = z.object({ id: z.string(), versionId: z.string() });

export function registerVersionRoutes(api: Api, deps: VersionRouteDeps): void {
  const { versions, writer, roleOf, rpc, now } = deps;

  /** A stranger and an unknown list look the same. */
  async function requireMember(listId: string, person: Person): Promise<Role> {
    const role = await roleOf(listId, person.userId);
    if (role === '') throw new AppError('not-found');
    return role;
  }

  async function requireEditor(listId: string, person: Person): Promise<void> {
    if ((await requireMember(listId, person)) === 'viewer') throw new AppError('forbidden');
  }

  const audit = (listId: string, person: Person, action: string, reason: string) =>
    rpc('ws_audit_put', {
      p_rows: JSON.stringify([{ listId, actor: person.userId, action, outcome: 'applied', reason }]),
    });

  async function keep(listId: string, person: Person, kind: 'named' | 'restore', name: string) {
    const captured = await writer.capture(listId);
    const id = await versions.put({ listId, kind, name, by: person.userId, captured });
    if (id === undefined) throw new AppError('storage-conflict');
    return { id, captured };
  }

  api.route({
    method: 'GET',
    path: '/api/lists/:id/versions',
    auth: 'person',
    summary: 'Versions that the list can be brought back to, newest first',
    params: listParams,
    result: versionsResponseSchema,
    handler: async ({ params, person }) => {
      await requireMember(params.id, person);
      return { versions: await versions.list(params.id) };
    },
  });

  api.route({
    method: 'POST',
    path: '/api/lists/:id/versions',
    auth: 'person',
    summary: 'Keep the list as it is now under a name',
    params: listParams,
    body: createVersionRequestSchema,
    result: versionSchema,
    status: 201,
    handler: async ({ params, person, body }) => {
      await requireEditor(params.id, person);
      const { id, captured } = await keep(params.id, person, 'named', body.name);
      const { content, records } = captured;
      return {
        id,
        kind: 'named' as const,
        name: body.name,
        records,
        bytes: content.length,
        at: now(),
        by: person.email ?? '',
      };
    },
  });

  api.route({
    method: 'GET',
    path: '/api/lists/:id/versions/:versionId/difference',
    auth: 'person',
    summary: 'How many couples restoring this version would change',
    params: versionParams,
    result: restoreCountsSchema,
    handler: async ({ params, person }) => {
      await requireMember(params.id, person);
      return await writer.previewRestore(params.id, await versions.read(params.id, params.versionId));
    },
  });

  api.route({
    method: 'POST',
    path: '/api/lists/:id/versions/:versionId/restore',
    auth: 'person',
    summary: 'Bring the list back to a version, as an edit that can be taken back',
    params: versionParams,
    result: restoreResponseSchema,
    handler: async ({ params, person }) => {
      await requireEditor(params.id, person);
      const content = await versions.read(params.id, params.versionId);
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const undo = await keep(params.id, person, 'restore', '');
        const { seq: atSeq } = undo.captured;
        const restore = { content, by: person.userId, atMs: now(), atSeq };
        const counts = await writer.restore(params.id, restore);
        if (counts !== undefined) {
          await audit(params.id, person, 'restore', `version ${params.versionId}`);
          return { ...counts, undoVersionId: undo.id };
        }
        // An edit came in between: it would be overwritten, and be in neither version.
        await versions.remove(params.id, undo.id);
      }
      throw new AppError('storage-conflict', { message: 'the list moved on before every try to restore it' });
    },
  });

  api.route({
    method: 'DELETE',
    path: '/api/lists/:id/versions/:versionId',
    auth: 'person',
    summary: 'Remove a version for good; the list stays as it is',
    params: versionParams,
    result: z.object({ ok: z.boolean() }),
    handler: async ({ params, person }) => {
      if ((await requireMember(params.id, person)) !== 'owner') throw new AppError('forbidden');
      if (!(await versions.remove(params.id, params.versionId))) throw new AppError('not-found');
      await audit(params.id, person, 'version-removed', `version ${params.versionId}`);
      return { ok: true };
    },
  });
}
