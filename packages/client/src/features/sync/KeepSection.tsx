// Whether the browser keeps the list, how much room there is, and how the app is installed.
import { type ReactElement, useState } from 'react';
import { deviceMessages as words } from '../../i18n/messages/device.ts';
import { askPersistence, estimateStorage, readPersistence } from '../../pwa/device-storage.ts';
import type { Install } from '../../pwa/install.ts';
import { useSubscribable } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './DevicePage.module.css';
import { useAsyncValue } from './use-async-value.ts';

const readAll = async () => ({ persistence: await readPersistence(), estimate: await estimateStorage() });

export function KeepSection({ install }: { install: Install }): ReactElement {
  const [facts, reread] = useAsyncValue(readAll);
  const installState = useSubscribable(install.state);
  const [isRefused, setRefused] = useState(false);
  const ask = async (): Promise<void> => {
    setRefused((await askPersistence()) !== 'granted');
    reread();
  };
  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>{words.keepTitle}</h2>
      {facts !== undefined && <p>{words.kept[facts.persistence]}</p>}
      {facts?.estimate !== undefined && (
        <p className={styles.quiet}>{words.room(facts.estimate.used, facts.estimate.quota)}</p>
      )}
      <p>{words.install[installState]}</p>
      <div className={styles.actions}>
        {facts !== undefined && facts.persistence !== 'granted' && (
          <Button onClick={() => void ask()}>{words.askKeep}</Button>
        )}
        {installState === 'promptable' && (
          <Button onClick={() => void install.install().then(reread)}>{words.installNow}</Button>
        )}
      </div>
      <p role="status">{isRefused && facts?.persistence !== 'granted' ? words.askRefused : undefined}</p>
    </section>
  );
}
