import { describe, expect, test } from 'vitest';
import { parseRoute, type Route, routePath } from './routes.ts';

const listId = 'l_AAAAAAAAAAAAAAAAAAAAAA';

describe('routes', () => {
  const routes: Route[] = [
    { page: 'home' },
    { page: 'list', listId, view: { kind: 'all' } },
    { page: 'list', listId, view: { kind: 'upcoming' }, recordId: 'abc_-1' },
    { page: 'list', listId, view: { kind: 'attention' } },
    { page: 'list', listId, view: { kind: 'trash' } },
    { page: 'list', listId, view: { kind: 'status', statusId: 'booked & paid' } },
    { page: 'import', listId },
    { page: 'sources', listId },
    { page: 'device', listId },
    { page: 'people', listId },
    { page: 'join' },
    { page: 'reset' },
  ];
  test.each(routes)('every address reads back as the route it was made from: %o', (route) => {
    const [path = '', search = ''] = routePath(route).split('?');
    expect(parseRoute(path, search)).toEqual(route);
  });

  test.each(['/nonsense', `/${listId}/nonsense`, `/${listId}/upcoming/x`, `/${listId}/status/a/b`])(
    'an address nobody made is unknown: %s',
    (path) => expect(parseRoute(path, '')).toEqual({ page: 'unknown' }),
  );

  test('a couple id that cannot be one is left out', () => {
    expect(parseRoute(`/${listId}`, '?couple=<script>')).toEqual({
      page: 'list',
      listId,
      view: { kind: 'all' },
    });
  });

  test('a broken escape in a status does not throw', () => {
    expect(parseRoute(`/${listId}/status/%E0%A4`, '')).toMatchObject({
      page: 'list',
      view: { statusId: '%E0%A4' },
    });
  });

  test('the same view is the same object, whatever couple is open', () => {
    const viewOf = (path: string, search = '') => {
      const route = parseRoute(path, search);
      return route.page === 'list' ? route.view : undefined;
    };
    for (const path of ['/l_a', '/l_a/upcoming', '/l_a/status/booked']) {
      expect(viewOf(path)).toBeDefined();
      expect(viewOf(path, 'couple=r1')).toBe(viewOf(path));
    }
    expect(viewOf('/l_a/status/booked')).not.toBe(viewOf('/l_a/status/enquiry'));
  });
});
