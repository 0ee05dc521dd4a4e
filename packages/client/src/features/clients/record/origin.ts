// Who or what wrote a value, from where and when, by its stamp: "You, on this device", "Willow CRM".
import { deviceOfActor, hlcToMs } from '@wedsync/shared';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { Stamp } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';

type Reader = Pick<ListSession, 'index' | 'person' | 'isThisDevice'>;

/** The writer's name as the list's own records tell it, so that it is known without a network too. */
export function originName({ index, person, isThisDevice }: Reader, stamp: Stamp): string {
  if (isThisDevice(stamp)) return words.youHere;
  const actor = index.getMeta(`actor:${deviceOfActor(stamp.actor)}`)?.values;
  if (actor === undefined) return words.someone;
  if (actor.kind === 'person' && actor.label === person.email) return words.youElsewhere;
  return typeof actor.label === 'string' && actor.label !== '' ? actor.label : words.someone;
}

/** When a value was written, ms since 1970, by its writer's clock. */
export function originTime(stamp: Stamp): number {
  return hlcToMs(stamp.hlc);
}
