// "Ready for the venue?": runs the check and says, line by line, what is proven and what is missing.
import { type ReactElement, useState } from 'react';
import { deviceMessages as words } from '../../i18n/messages/device.ts';
import { estimateStorage, readPersistence } from '../../pwa/device-storage.ts';
import { checkOfflineShell, pageOfflineShell } from '../../pwa/offline-shell.ts';
import type { ListSession } from '../../session/list-session.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import styles from './DevicePage.module.css';
import { type CheckItem, type CheckLevel, checkVenue, type VenueCheck } from './venue-check.ts';

export function VenueSection({ session }: { session: ListSession }): ReactElement {
  const [check, setCheck] = useState<VenueCheck>();
  const [isBusy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    setCheck(
      await checkVenue({
        checkShell: () => checkOfflineShell(pageOfflineShell()),
        proveCopy: session.proveCopy,
        readPersistence,
        estimate: estimateStorage,
        waiting: session.status.value.waitingRecords,
      }),
    );
    setBusy(false);
  };
  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>{words.venueTitle}</h2>
      <p>{words.venueLead}</p>
      <div role="status">
        {isBusy && <p>{words.checking}</p>}
        {!isBusy && check !== undefined && (
          <p className={cx(styles.verdict, check.isReady ? styles.good : styles.problem)}>
            <Icon name={check.isReady ? 'check' : 'warning'} />
            {check.isReady ? words.ready : words.notReady}
          </p>
        )}
      </div>
      {check !== undefined && (
        <ul className={styles.rows}>
          {check.items.map((item) => (
            <li key={item.item}>
              <Icon name={ICONS[item.level]} label={words.levels[item.level]} />
              <span>{textOf(item)}</span>
              {item.item === 'app' && item.level === 'bad' && item.code !== 'unsupported' && (
                <Button onClick={() => location.reload()}>{words.reload}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        <Button kind="primary" isBusy={isBusy} onClick={() => void run()}>
          {check === undefined ? words.check : words.checkAgain}
        </Button>
      </div>
    </section>
  );
}

const ICONS: Readonly<Record<CheckLevel, 'check' | 'help' | 'warning'>> = {
  good: 'check',
  warn: 'help',
  bad: 'warning',
};

function textOf(item: CheckItem): string {
  switch (item.item) {
    case 'app':
      return words.app[item.code];
    case 'list':
      return words.list[item.code](item.couples);
    case 'notes':
      return words.notes(item.missing);
    case 'sent':
      return words.sent(item.waiting);
    case 'kept':
      return words.kept[item.code];
    case 'room':
      return item.estimate === undefined
        ? words.roomUnknown
        : words.roomLeft(item.estimate.quota - item.estimate.used);
  }
}
