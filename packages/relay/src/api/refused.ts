// What the relay refused for good of a list, with who sent it and why: for its owner.
import { AppError, type RefusedUpdate, type Role, refusedResponseSchema } from '@wedsync/shared';
import * as z from 'zod';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { Api } from './api.ts';

export interface RefusedRouteDeps {
  readonly rpc: Rpc;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
}

const NEWEST = 100;

export function registerRefusedRoute(api: Api, { rpc, roleOf }: RefusedRouteDeps): void {
  api.route({
    method: 'GET',
    path: '/api/lists/:id/refused',
    auth: 'person',
    summary: 'Updates of your list that were refused for good, newest first',
    params: z.object({ id: z.string() }),
    result: refusedResponseSchema,
    handler: async ({ params, person }) => {
      const role = await roleOf(params.id, person.userId);
      if (role === '') throw new AppError('not-found');
      if (role !== 'owner') throw new AppError('forbidden');
      const args = { p_list: params.id, p_limit: String(NEWEST) };
      return { refused: await callJson<RefusedUpdate[]>(rpc, 'ws_refused', args) };
    },
  });
}
