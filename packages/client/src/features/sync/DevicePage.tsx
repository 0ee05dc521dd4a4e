// The page "This device": everything about what is safe where, and the check before a wedding.
import type { ReactElement } from 'react';
import { deviceMessages as words } from '../../i18n/messages/device.ts';
import { syncMessages } from '../../i18n/messages/sync.ts';
import type { Install } from '../../pwa/install.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSyncStatus } from '../../session/react.ts';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Page } from '../../ui/Page.tsx';
import { useTick } from '../../ui/use-tick.ts';
import { BackupSection } from './BackupSection.tsx';
import styles from './DevicePage.module.css';
import { KeepSection } from './KeepSection.tsx';
import { SetAsideSection } from './SetAsideSection.tsx';
import { SyncActions, type SyncServices } from './SyncActions.tsx';
import { secondsUntil, syncWords } from './sync-words.ts';
import { useAsyncValue } from './use-async-value.ts';
import { VenueSection } from './VenueSection.tsx';
import { WaitingSection } from './WaitingSection.tsx';

/** Below this nobody notices. */
const CLOCK_OFF_MS = 2 * 60_000;

type DevicePageProps = {
  session: ListSession;
  services: SyncServices;
  install: Install;
  hrefOf: (recordId: string) => string;
};

export function DevicePage({ session, services, install, hrefOf }: DevicePageProps): ReactElement {
  const status = useSyncStatus(session);
  const nowMs = useTick(1000);
  const said = syncWords(status, nowMs);
  const seconds = secondsUntil(status.retryAt, nowMs);
  const clockOffMs = Math.abs(session.now() - nowMs);
  const [tabs] = useAsyncValue(session.countTabs);
  return (
    <Page title={words.title} lead={words.lead} width="narrow">
      <section className={cx(styles.card, styles[said.tone])} aria-label={syncMessages.title}>
        <div className={styles.state}>
          <Icon name={said.icon} size={28} />
          <div>
            <h2 className={styles.heading}>{said.spoken}</h2>
            <p>{said.text}</p>
          </div>
        </div>
        <dl className={styles.facts}>
          <dt>{syncMessages.lastStored}</dt>
          <dd>
            {status.lastStoredAt === undefined
              ? syncMessages.never
              : syncMessages.ago(status.lastStoredAt, nowMs)}
          </dd>
          {seconds !== undefined && (
            <>
              <dt>{syncMessages.nextTry}</dt>
              <dd>{syncMessages.inSeconds(seconds)}</dd>
            </>
          )}
          {tabs !== undefined && (
            <>
              <dt>{words.tabs}</dt>
              <dd>{tabs}</dd>
            </>
          )}
        </dl>
        {clockOffMs >= CLOCK_OFF_MS && <p>{words.clockOff}</p>}
        <div className={styles.actions}>
          <SyncActions
            session={session}
            actions={said.actions.filter((action) => action !== 'set-aside')}
            services={services}
          />
        </div>
      </section>
      <SetAsideSection session={session} nowMs={nowMs} />
      <WaitingSection session={session} hrefOf={hrefOf} />
      <VenueSection session={session} />
      <BackupSection session={session} />
      <KeepSection install={install} />
    </Page>
  );
}
