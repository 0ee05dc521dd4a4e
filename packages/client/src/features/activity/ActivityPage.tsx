// Who or what changed which couple, when and from where: by day, with a filter, and as a file.
import type { ActivityEntry, ActivityKind } from '@wedsync/shared';
import { ACTIVITY_KINDS } from '@wedsync/shared';
import { type ReactElement, useMemo, useState } from 'react';
import { activityMessages as words } from '../../i18n/messages/activity.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListIndex } from '../../session/document-view.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Field, SelectField } from '../../ui/Field.tsx';
import { Page } from '../../ui/Page.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useToasts } from '../../ui/Toasts.tsx';
import { ActivityList } from './ActivityList.tsx';
import styles from './ActivityPage.module.css';
import { activityWords } from './activity-words.ts';
import { toActivityCsv, toActivityJson } from './export-activity.ts';
import { type LoadActivity, loadAllActivity, useActivity } from './use-activity.ts';

type ActivityPageProps = {
  index: Pick<ListIndex, 'get'>;
  personId: string;
  load: LoadActivity;
  hrefOf: (recordId: string) => string;
};

const isKind = (value: string): value is ActivityKind => ACTIVITY_KINDS.some((kind) => kind === value);

export function ActivityPage({ index, personId, load, hrefOf }: ActivityPageProps): ReactElement {
  const toasts = useToasts();
  const [kind, setKind] = useState<ActivityKind>('all');
  const [text, setText] = useState('');
  const [isExporting, setExporting] = useState(false);
  const { entries, failure, hasMore, loadMore, reload } = useActivity(load, kind);
  const shown = useMemo(() => filter(entries ?? [], text, index, personId), [entries, text, index, personId]);

  const save = async (format: 'csv' | 'json'): Promise<void> => {
    setExporting(true);
    try {
      const all = filter(await loadAllActivity(load, kind), text, index, personId);
      const blob = format === 'csv' ? toActivityCsv(all, index, personId) : toActivityJson(all);
      saveFile(blob, `activity-${new Date().toISOString().slice(0, 10)}.${format}`);
      toasts.show({ text: words.exported(all.length) });
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    } finally {
      setExporting(false);
    }
  };

  return (
    <Page
      title={words.title}
      lead={words.lead}
      action={
        <div className={styles.exports}>
          <Button icon="download" isBusy={isExporting} onClick={() => void save('csv')}>
            {words.exportCsv}
          </Button>
          <Button isBusy={isExporting} onClick={() => void save('json')}>
            {words.exportJson}
          </Button>
        </div>
      }
    >
      <div className={styles.filters}>
        <SelectField
          label={words.filter}
          value={kind}
          onChange={(event) => isKind(event.target.value) && setKind(event.target.value)}
        >
          {ACTIVITY_KINDS.map((value) => (
            <option key={value} value={value}>
              {words.kinds[value]}
            </option>
          ))}
        </SelectField>
        <Field
          label={words.search}
          type="search"
          placeholder={words.searchPlaceholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {entries === undefined && failure === undefined && <p className={styles.note}>{messages.loading}</p>}
      {entries === undefined && failure !== undefined && (
        <EmptyState
          frames={['empty', 'moon', 'empty']}
          chosen={1}
          title={failure === 'forbidden' ? words.forbidden : navigator.onLine ? words.failed : words.offline}
        >
          <Button onClick={reload}>{messages.retry}</Button>
        </EmptyState>
      )}
      {entries?.length === 0 && (
        <EmptyState
          frames={['hills', 'rings', 'empty']}
          chosen={2}
          title={words.empty}
          text={words.emptyText}
        />
      )}
      {entries !== undefined && entries.length > 0 && (
        <>
          {shown.length === 0 && <p className={styles.note}>{words.noMatch}</p>}
          <ActivityList entries={shown} index={index} personId={personId} hrefOf={hrefOf} />
          {hasMore && (
            <div className={styles.more}>
              <Button onClick={loadMore}>{words.more}</Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

/** Entries in whose words the text stands. */
function filter(
  entries: readonly ActivityEntry[],
  text: string,
  index: Pick<ListIndex, 'get'>,
  personId: string,
): readonly ActivityEntry[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return entries;
  return entries.filter((entry) => {
    const { who, did, couple = '', fields, from = '' } = activityWords(entry, index, personId);
    return [who, did, couple, fields, from, entry.reason ?? ''].join('\n').toLowerCase().includes(wanted);
  });
}
