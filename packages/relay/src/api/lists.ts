// Lists of the signed-in person.
import {
  AppError,
  createListRequestSchema,
  type ListSummary,
  listSummarySchema,
  listsResponseSchema,
} from '@wedsync/shared';
import type { Api, Person } from './api.ts';

export interface ListRouteDeps {
  /** Lists that the person is a member of, by name. */
  readonly listsOf: (userId: string) => Promise<readonly ListSummary[]>;
  /** Makes a list that belongs to the person, its document included. */
  readonly createList: (name: string, owner: Pick<Person, 'userId' | 'email'>) => Promise<ListSummary>;
}

export function registerListRoutes(api: Api, { listsOf, createList }: ListRouteDeps): void {
  api.route({
    method: 'GET',
    path: '/api/lists',
    auth: 'person',
    summary: 'The lists that you are a member of',
    result: listsResponseSchema,
    handler: async ({ person }) => ({ lists: [...(await listsOf(person.userId))] }),
  });
  api.route({
    method: 'POST',
    path: '/api/lists',
    auth: 'person',
    summary: 'Make a list of your own',
    body: createListRequestSchema,
    result: listSummarySchema,
    status: 201,
    handler: ({ person, body }) => {
      const name = body.name.trim();
      if (name === '') throw new AppError('invalid-request', { message: 'the name is blank' });
      return createList(name, person);
    },
  });
}
