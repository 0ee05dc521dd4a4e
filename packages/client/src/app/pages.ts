// The screens beside the list: their names and pictures wherever a way leads to them.
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { IconName } from '../ui/Icon.tsx';
import type { PageName } from './routes.ts';

export const PAGES: Readonly<Record<PageName, { readonly label: string; readonly icon: IconName }>> = {
  import: { label: words.import, icon: 'upload' },
  sources: { label: words.sources, icon: 'plug' },
  people: { label: words.people, icon: 'person' },
  versions: { label: words.versions, icon: 'clock' },
  activity: { label: words.activity, icon: 'history' },
  health: { label: words.health, icon: 'shield' },
  device: { label: words.device, icon: 'device' },
};

/** For owners and editors. */
export const MANAGED_PAGES: readonly PageName[] = ['import', 'sources', 'versions', 'activity', 'health'];
