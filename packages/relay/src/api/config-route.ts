// What the app must know before anybody has signed in.
import { type ConfigResponse, configResponseSchema } from '@wedsync/shared';
import type { Api } from './api.ts';

export interface ConfigRouteDeps {
  /** Address of a hosted Supabase; undefined for the embedded default, which answers under our own. */
  readonly supabaseUrl: string | undefined;
  readonly publishableKey: string;
  readonly version: string;
  /** The demo account, once it has been made. */
  readonly demo: () => ConfigResponse['demo'];
  readonly now: () => number;
}

export function registerConfigRoute(api: Api, deps: ConfigRouteDeps): void {
  api.route({
    method: 'GET',
    path: '/api/config',
    auth: 'public',
    summary: 'What the app needs to sign somebody in',
    result: configResponseSchema,
    handler: async ({ request }) => {
      const demo = deps.demo();
      return {
        supabaseUrl: deps.supabaseUrl ?? `${request.protocol}://${request.host}`,
        publishableKey: deps.publishableKey,
        embedded: deps.supabaseUrl === undefined,
        ...(demo === undefined ? {} : { demo }),
        version: deps.version,
        serverTime: deps.now(),
      };
    },
  });
}
