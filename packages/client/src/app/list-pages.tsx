// The screens of a list that talk to the server or are needed rarely: loaded when they are opened.
import type { HealthRange } from '@wedsync/shared';
import { lazy, type ReactElement } from 'react';
import type { LoadHistory } from '../features/clients/record/history.ts';
import type { SourcesApi } from '../features/sources/sources-api.ts';
import type { SyncServices } from '../features/sync/SyncActions.tsx';
import type { VersionsApi } from '../features/versions/versions-api.ts';
import type { Install } from '../pwa/install.ts';
import type { ActivityQuery, Api, ApiResult } from '../session/api.ts';
import type { ListSession } from '../session/list-session.ts';
import type { KnownLists } from '../session/lists.ts';
import { type PageName, routePath } from './routes.ts';

const SourcesPage = lazy(() =>
  import('../features/sources/SourcesPage.tsx').then((module) => ({ default: module.SourcesPage })),
);
const MatchList = lazy(() =>
  import('../features/duplicates/MatchList.tsx').then((module) => ({ default: module.MatchList })),
);
const ActivityPage = lazy(() =>
  import('../features/activity/ActivityPage.tsx').then((module) => ({ default: module.ActivityPage })),
);
const HealthPage = lazy(() =>
  import('../features/health/HealthPage.tsx').then((module) => ({ default: module.HealthPage })),
);
const ImportPage = lazy(() =>
  import('../features/import/ImportPage.tsx').then((module) => ({ default: module.ImportPage })),
);

const VersionsPage = lazy(() =>
  import('../features/versions/VersionsPage.tsx').then((module) => ({ default: module.VersionsPage })),
);
const DevicePage = lazy(() =>
  import('../features/sync/DevicePage.tsx').then((module) => ({ default: module.DevicePage })),
);

const PeopleOfList = lazy(() =>
  import('../features/members/PeopleOfList.tsx').then((module) => ({ default: module.PeopleOfList })),
);

export type ListPages = {
  render(page: PageName): ReactElement;
  readonly api: Api;
  readonly services: SyncServices;
  readonly loadHistory: LoadHistory;
};

type ListPagesOptions = {
  api: Api;
  session: ListSession;
  navigate: (path: string, options?: { replace: boolean }) => void;
  lists: KnownLists;
  install: Install;
  onSignIn: () => void;
  onUpdate: () => void;
};

/** An API call as the screens want it: a value, or an error with a `code`. */
async function unwrap<T>(call: Promise<ApiResult<T>>): Promise<T> {
  const result = await call;
  if (result.ok) return result.value;
  throw Object.assign(new Error(result.message), { code: result.code });
}

export function createListPages(options: ListPagesOptions): ListPages {
  const { api, session, navigate, lists, install, onSignIn, onUpdate } = options;
  const { listId, person } = session;
  const all = { kind: 'all' } as const;
  const hrefOf = (recordId: string): string => routePath({ page: 'list', listId, view: all, recordId });
  const sourcesApi: SourcesApi = {
    list: (id: string) => unwrap(api.sources(id)),
    create: (id, source) => unwrap(api.createSource(id, source)),
    rotate: (id: string) => unwrap(api.rotateSource(id)),
    pause: (id: string) => unwrap(api.pauseSource(id)),
    resume: (id: string) => unwrap(api.resumeSource(id)),
    remove: (id: string) => unwrap(api.deleteSource(id)),
    deliveries: (id: string) => unwrap(api.deliveries(id)),
    replay: (id: string) => unwrap(api.replayDelivery(id)),
    sample: (id: string) => unwrap(api.sample(id)),
    ask: (method, path, schema, body) => unwrap(api.ask(method, path, schema, body)),
  };
  const loadHealth = (range: HealthRange) => unwrap(api.health(listId, range));
  const loadActivity = (query: ActivityQuery) => unwrap(api.activity(listId, query));
  const services: SyncServices = {
    onSignIn,
    onUpdate,
    deviceHref: routePath({ page: 'device', listId }),
  };
  const versionsApi: VersionsApi = {
    list: () => unwrap(api.versions(listId)),
    keep: (name) => unwrap(api.keepVersion(listId, name)),
    difference: (id) => unwrap(api.versionDifference(listId, id)),
    restore: (id) => unwrap(api.restoreVersion(listId, id)),
    remove: (id) => unwrap(api.removeVersion(listId, id)),
    refused: () => unwrap(api.refused(listId)),
  };
  const screens: Readonly<Record<PageName, () => ReactElement>> = {
    device: () => <DevicePage session={session} services={services} install={install} hrefOf={hrefOf} />,
    sources: () => (
      <SourcesPage
        api={sourcesApi}
        listId={listId}
        hrefOf={hrefOf}
        onOpen={(id) => navigate(hrefOf(id))}
        matches={<MatchList session={session} hrefOf={hrefOf} />}
      />
    ),
    import: () => (
      <ImportPage session={session} onDone={() => navigate(routePath({ page: 'list', listId, view: all }))} />
    ),
    versions: () => <VersionsPage session={session} api={versionsApi} />,
    activity: () => (
      <ActivityPage index={session.index} personId={person.id} load={loadActivity} hrefOf={hrefOf} />
    ),
    health: () => (
      <HealthPage
        load={loadHealth}
        onServerEvent={session.onServerEvent}
        sourcesHref={routePath({ page: 'sources', listId })}
      />
    ),
    people: () => (
      <PeopleOfList
        api={api}
        session={session}
        lists={lists}
        onLeft={() => navigate('/', { replace: true })}
      />
    ),
  };
  return {
    api,
    services,
    render: (page) => screens[page](),
    async loadHistory(recordId) {
      const entries = await unwrap(api.history(listId, recordId));
      return entries.map(({ field, value, at, by }) => ({
        field,
        value,
        at,
        ...(by.name === undefined ? {} : { by: by.name }),
        isSelf: by.id === person.id,
      }));
    },
  };
}
