// The API as an object that is there at once, while its code (with the schemas of every answer) is loaded by the
// first call: the list on this device is shown without it.
import { ERROR_CODES } from '@wedsync/shared';
import type { Account } from './account.ts';
import type { Api } from './api.ts';

const importApi = () => import('./api.ts');

export const loadConfig: typeof import('./api.ts').loadConfig = async (...options) =>
  (await importApi()).loadConfig(...options);

type Method = (...parameters: unknown[]) => Promise<unknown>;

export function createLazyApi(account: Pick<Account, 'getToken'>): Api {
  let api: Promise<Record<string, Method>> | undefined;
  const load = async (): Promise<Record<string, Method>> => {
    const { createApi } = await importApi();
    return createApi(account) as Record<string, Method>;
  };
  const call = async (name: string, parameters: unknown[]): Promise<unknown> => {
    try {
      api ??= load();
      return await (await api)[name]?.(...parameters);
    } catch {
      // The file did not arrive: the next call asks for it again.
      api = undefined;
      return { ok: false, code: 'unreachable', ...ERROR_CODES.unreachable };
    }
  };
  return new Proxy({} as Api, {
    get:
      (_, name) =>
      (...parameters: unknown[]) =>
        call(String(name), parameters),
  });
}
