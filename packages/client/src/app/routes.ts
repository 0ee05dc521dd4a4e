// The app's addresses, both ways. A list's id stands first, so that two tabs can hold two lists and a link to a
// couple opens the right one.

/** Which couples the list shows. */
export type View =
  | { readonly kind: 'all' | 'upcoming' | 'attention' | 'trash' }
  | { readonly kind: 'status'; readonly statusId: string };

/** Screens beside the list. */
export const PAGE_NAMES = [
  'import',
  'sources',
  'people',
  'device',
  'versions',
  'activity',
  'health',
] as const;
export type PageName = (typeof PAGE_NAMES)[number];

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'list'; readonly listId: string; readonly view: View; readonly recordId?: string }
  | { readonly page: PageName; readonly listId: string }
  /** Links from mails; their token stands in the fragment, which is sent to nobody. */
  | { readonly page: 'join' }
  | { readonly page: 'reset' }
  | { readonly page: 'unknown' };

const LINK_PAGES = ['join', 'reset'] as const;
const VIEW_PATHS = { all: '', upcoming: '/upcoming', attention: '/to-look-at', trash: '/trash' } as const;
/** The same view is the same object, whatever couple is open beside it: what depends on it need not render again. */
const VIEWS = new Map<string, View>();
const LIST_ID = /^l_[A-Za-z0-9_-]{1,64}$/;
const RECORD_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The route of a path (`/l_…/upcoming`) and its search part (`couple=…`, with or without `?`). Never throws. Its `view`
 * is the identical object for the same view.
 */
export function parseRoute(path: string, search: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const [listId, section, detail] = parts;
  if (listId === undefined) return { page: 'home' };
  const link = LINK_PAGES.find((page) => page === listId);
  if (link !== undefined && section === undefined) return { page: link };
  if (!LIST_ID.test(listId) || parts.length > 3) return { page: 'unknown' };
  if (isPageName(section) && detail === undefined) return { page: section, listId };
  const view = parseView(section, detail);
  if (view === undefined) return { page: 'unknown' };
  const recordId = new URLSearchParams(search).get('couple');
  return {
    page: 'list',
    listId,
    view,
    ...(recordId !== null && RECORD_ID.test(recordId) ? { recordId } : {}),
  };
}

const isPageName = (section: string | undefined): section is PageName =>
  (PAGE_NAMES as readonly (string | undefined)[]).includes(section);

function parseView(section: string | undefined, detail: string | undefined): View | undefined {
  if (section === undefined) return theView({ kind: 'all' });
  if (section === 'status' && detail !== undefined)
    return theView({ kind: 'status', statusId: decodePart(detail) });
  if (detail !== undefined) return undefined;
  for (const kind of ['upcoming', 'attention', 'trash'] as const)
    if (VIEW_PATHS[kind] === `/${section}`) return theView({ kind });
  return undefined;
}

function theView(view: View): View {
  const key = view.kind === 'status' ? `status ${view.statusId}` : view.kind;
  const known = VIEWS.get(key) ?? view;
  VIEWS.set(key, known);
  return known;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a route: what `parseRoute` reads back. */
export function routePath(route: Route): string {
  if (route.page === 'home' || route.page === 'unknown') return '/';
  if (route.page === 'join' || route.page === 'reset') return `/${route.page}`;
  if (route.page !== 'list') return `/${route.listId}/${route.page}`;
  const { view, recordId } = route;
  const viewPath =
    view.kind === 'status' ? `/status/${encodeURIComponent(view.statusId)}` : VIEW_PATHS[view.kind];
  return `/${route.listId}${viewPath}${recordId === undefined ? '' : `?couple=${recordId}`}`;
}
