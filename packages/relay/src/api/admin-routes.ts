// What the commands of this machine ask the running relay, with the token that lies beside its data.
import * as z from 'zod';
import { type RefusedLately, refusedLatelySchema } from '../doctor/refused.ts';
import type { Rebuilt } from '../room/generations.ts';
import type { Api } from './api.ts';

export interface AdminList {
  readonly id: string;
  readonly name: string;
  /** E-mail address of the owner; their id where none is known. */
  readonly owner: string;
  readonly records: number;
}

export interface AdminRouteDeps {
  /** Signs a token for an hour. Rejects `not-configured` where this relay does not sign tokens (hosted Supabase). */
  readonly signToken: (
    who: { readonly role: 'service_role' } | { readonly userId: string; readonly email: string },
  ) => Promise<string>;
  /** The account of an address, made with a random password when there is none. */
  readonly findOrCreateUser: (email: string) => Promise<string>;
  readonly lists: () => Promise<readonly AdminList[]>;
  /** Ids of all lists, those put away included. */
  readonly allLists: () => Promise<readonly { readonly id: string }[]>;
  /** Builds the read model of a list anew; the number of couples. */
  readonly rebuild: (listId: string) => Promise<number>;
  /** What was refused for good in the last days, by document, sender and reason. */
  readonly refusedLately: () => Promise<RefusedLately[]>;
  /** Rebuilds a document from its live entries under a new lineage, whether it needs it or not. */
  readonly newGeneration: (documentId: string) => Promise<Rebuilt>;
  readonly createList: (name: string, owner: { userId: string; email: string }) => Promise<{ id: string }>;
}

const rebuiltSchema = z.object({
  clients: z.number(),
  live: z.number(),
  deleted: z.number(),
  bytesBefore: z.number(),
  bytesAfter: z.number(),
});

const adminListSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  records: z.number(),
});

export function registerAdminRoutes(api: Api, deps: AdminRouteDeps): void {
  api.route({
    method: 'POST',
    path: '/api/admin/token',
    auth: 'admin',
    summary: 'A token of the service role, or of a person (whose account is made when there is none)',
    body: z.union([z.object({ role: z.literal('service_role') }), z.object({ email: z.email() })]),
    result: z.object({ token: z.string() }),
    handler: async ({ body }) => {
      if ('role' in body) return { token: await deps.signToken(body) };
      const userId = await deps.findOrCreateUser(body.email);
      return { token: await deps.signToken({ userId, email: body.email }) };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/admin/all-lists',
    auth: 'admin',
    summary: 'Ids of all lists, those put away included',
    result: z.array(z.object({ id: z.string() })),
    handler: async () => [...(await deps.allLists())],
  });
  api.route({
    method: 'POST',
    path: '/api/admin/rebuild/:listId',
    auth: 'admin',
    summary: 'Build the read model of a list anew from its document',
    params: z.object({ listId: z.string() }),
    result: z.object({ records: z.number() }),
    handler: async ({ params }) => ({ records: await deps.rebuild(params.listId) }),
  });
  api.route({
    method: 'GET',
    path: '/api/admin/refused',
    auth: 'admin',
    summary: 'Updates that were refused for good in the last seven days, by document, sender and reason',
    result: refusedLatelySchema,
    handler: () => deps.refusedLately(),
  });
  api.route({
    method: 'POST',
    path: '/api/admin/generation/:documentId',
    auth: 'admin',
    summary: 'Rebuild a document from its live entries under a new lineage; devices load it anew',
    params: z.object({ documentId: z.string() }),
    result: rebuiltSchema,
    handler: ({ params }) => deps.newGeneration(params.documentId),
  });
  api.route({
    method: 'GET',
    path: '/api/admin/lists',
    auth: 'admin',
    summary: 'All lists',
    result: z.array(adminListSchema),
    handler: async () => [...(await deps.lists())],
  });
  api.route({
    method: 'POST',
    path: '/api/admin/lists',
    auth: 'admin',
    summary: 'A new list for a person (whose account is made when there is none)',
    body: z.object({ name: z.string().trim().min(1).max(200), owner: z.email() }),
    result: adminListSchema,
    status: 201,
    handler: async ({ body }) => {
      const userId = await deps.findOrCreateUser(body.owner);
      const { id } = await deps.createList(body.name, { userId, email: body.owner });
      return { id, name: body.name, owner: body.owner, records: 0 };
    },
  });
}
