// Changes that were refused for good: each with its reason, to apply again, save, or discard.
import { coupleName } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { deviceMessages as words } from '../../i18n/messages/device.ts';
import { syncMessages } from '../../i18n/messages/sync.ts';
import { applySetAside } from '../../session/apply-set-aside.ts';
import type { ListSession, SetAsideItem } from '../../session/list-session.ts';
import { useSetAside, useSubscribable } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import { saveFile } from '../../ui/save-file.ts';
import styles from './DevicePage.module.css';

type SetAsideSectionProps = { session: ListSession; nowMs: number };

export function SetAsideSection({ session, nowMs }: SetAsideSectionProps): ReactElement | null {
  const items = useSetAside(session);
  const canEdit = useSubscribable(session.canEdit);
  const [answer, setAnswer] = useState<string>();
  if (items.length === 0)
    return answer === undefined ? null : (
      <p role="status" className={styles.card}>
        {answer}
      </p>
    );
  const apply = async (keys: readonly string[]): Promise<void> => {
    const applied = await applySetAside(session, keys).catch(() => 0);
    setAnswer(applied > 0 ? words.applied(applied) : words.notApplied);
  };
  const keys = items.map(({ key }) => key);
  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>{words.setAsideTitle}</h2>
      <p>{words.setAsideLead}</p>
      <ul className={styles.rows}>
        {items.map((item) => (
          <li key={item.key}>
            <span>
              {item.name}
              <span className={styles.quiet}>
                {' '}
                {namesOf(session, item)} · {syncMessages.reasons[item.reason] ?? item.reason} ·{' '}
                {syncMessages.ago(item.at, nowMs)}
              </span>
            </span>
            <Button disabled={!canEdit} onClick={() => void apply([item.key])}>
              {words.apply}
            </Button>
            <Button kind="quiet" onClick={() => void session.discardSetAside([item.key])}>
              {words.discard}
            </Button>
          </li>
        ))}
      </ul>
      {!canEdit && <p className={styles.quiet}>{words.readOnly}</p>}
      <div className={styles.actions}>
        <Button
          icon="download"
          onClick={() =>
            void session.exportSetAside().then((blob) => saveFile(blob, 'wedsync-set-aside.json'))
          }
        >
          {words.saveSetAside}
        </Button>
        <Button kind="danger" onClick={() => void session.discardSetAside(keys)}>
          {words.discardAll}
        </Button>
      </div>
      <p role="status">{answer}</p>
    </section>
  );
}

function namesOf(session: ListSession, { recordIds }: SetAsideItem): string {
  const names = recordIds.map((id) => coupleName(session.index.get(id)?.values ?? {}));
  return names.filter((name) => name !== '').join(', ');
}
