// Calls of the sources page beyond the everyday ones; loaded with the page, not with the app.
import {
  type Delivery,
  deliveriesResponseSchema,
  deliveryBodyResponseSchema,
  previewResponseSchema,
  replayedResponseSchema,
  type Source,
  type SourcePreview,
  type SourceSettings,
  sourceSchema,
} from '@wedsync/shared';
import type { AskRelay } from './sources-api.ts';

export type DeliveryFilter = { readonly text: string; readonly state: string };

export type SourceTools = {
  search(sourceId: string, filter: DeliveryFilter): Promise<readonly Delivery[]>;
  stuck(listId: string): Promise<readonly Delivery[]>;
  /** What a delivery said, as text. */
  body(deliveryId: string): Promise<string>;
  /** How many are applied again. */
  replaySince(sourceId: string, from: number, isAll: boolean): Promise<number>;
  preview(sourceId: string, settings: SourceSettings): Promise<SourcePreview>;
  saveSettings(sourceId: string, settings: SourceSettings): Promise<Source>;
  connect(sourceId: string, credentials: Readonly<Record<string, string>>): Promise<Source>;
  disconnect(sourceId: string): Promise<Source>;
};

export function createSourceTools(ask: AskRelay): SourceTools {
  const of = (id: string, what: string) => `/api/sources/${encodeURIComponent(id)}/${what}`;
  return {
    async search(id, { text, state }) {
      const query = new URLSearchParams({ ...(text && { text }), ...(state && { state }) });
      const found = await ask('GET', `${of(id, 'deliveries/search')}?${query}`, deliveriesResponseSchema);
      return found.deliveries;
    },
    async stuck(listId) {
      const path = `/api/lists/${encodeURIComponent(listId)}/stuck`;
      return (await ask('GET', path, deliveriesResponseSchema)).deliveries;
    },
    async body(id) {
      const path = `/api/deliveries/${encodeURIComponent(id)}/body`;
      return (await ask('GET', path, deliveryBodyResponseSchema)).body;
    },
    async replaySince(id, from, isAll) {
      return (await ask('POST', of(id, 'replay'), replayedResponseSchema, { from, isAll })).count;
    },
    preview: (id, settings) => ask('POST', of(id, 'preview'), previewResponseSchema, { settings }),
    saveSettings: (id, settings) => ask('POST', of(id, 'settings'), sourceSchema, settings),
    connect: (id, credentials) => ask('POST', of(id, 'account'), sourceSchema, { credentials }),
    disconnect: (id) => ask('DELETE', of(id, 'account'), sourceSchema),
  };
}
