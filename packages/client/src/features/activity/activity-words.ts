// An entry of the activity in words: who, did what, to whom, from where. Shared by the page and the export.
import { type ActivityEntry, coupleName } from '@wedsync/shared';
import { namesOfTouched } from '../../i18n/field-names.ts';
import { activityMessages as words } from '../../i18n/messages/activity.ts';
import type { ListIndex } from '../../session/document-view.ts';

export type ActivityWords = {
  readonly who: string;
  readonly did: string;
  /** Shown name of the couple; undefined when it is about none. */
  readonly couple?: string;
  /** Whether the couple can be opened. */
  readonly isHere: boolean;
  readonly fields: string;
  /** The app or a source; undefined for strangers and the server itself. */
  readonly from?: string;
};

export function activityWords(
  entry: ActivityEntry,
  index: Pick<ListIndex, 'get'>,
  personId: string,
): ActivityWords {
  const { who, action, outcome, recordId, sourceName } = entry;
  const record = recordId === undefined ? undefined : index.get(recordId);
  const from =
    who.kind === 'source' ? (who.name ?? words.someSource) : who.kind === 'person' ? words.inApp : undefined;
  const isAboutSource = action.startsWith('source.') || who.kind === 'stranger';
  const subject = isAboutSource && sourceName !== undefined ? ` (${sourceName})` : '';
  const isNew = outcome === 'applied' && entry.fields.includes('createdAt');
  const did = isNew
    ? words.actions['couple.create']
    : action === 'webhook'
      ? words.webhook[outcome]
      : words.actions[action];
  return {
    who: nameOf(entry, personId),
    did: `${did ?? words.unknownAction(action)}${subject}`,
    isHere: record !== undefined && record.state !== 'absent',
    fields: words.fields(namesOfTouched(entry.fields)),
    ...(recordId === undefined
      ? {}
      : { couple: record === undefined ? words.gone : coupleName(record.values) || words.gone }),
    ...(from === undefined ? {} : { from }),
  };
}

function nameOf({ who }: ActivityEntry, personId: string): string {
  switch (who.kind) {
    case 'person':
      return who.id === personId ? words.you : (who.name ?? words.formerMember);
    case 'source':
      return who.name ?? words.someSource;
    case 'service':
      return words.service;
    case 'stranger':
      return words.stranger;
  }
}
