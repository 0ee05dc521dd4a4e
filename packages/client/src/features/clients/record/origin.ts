// Who or what wrote a value, and when, from its stamp: "You", "Willow CRM", "Another device".
import { deviceOfActor, hlcToMs } from '@wedsync/shared';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { ListIndex, Stamp } from '../../../session/document-view.ts';

type ActorIndex = Pick<ListIndex, 'getMeta'>;

/** The writer's name as the list's own records tell it; `personId` is the reader, who is "You" on every device. */
export function originName(index: ActorIndex, stamp: Stamp, personId: string): string {
  const actor = index.getMeta(`actor:${deviceOfActor(stamp.actor)}`)?.values;
  if (actor === undefined) return words.someone;
  if (actor.person === personId) return words.you;
  return typeof actor.label === 'string' && actor.label !== '' ? actor.label : words.someone;
}

/** When a value was written, ms since 1970, by its writer's clock. */
export function originTime(stamp: Stamp): number {
  return hlcToMs(stamp.hlc);
}
