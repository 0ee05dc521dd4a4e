// What the server refused of this list, with who sent it and why; nothing at all where nothing was, or for others
// than the owner.
import type { ReactElement } from 'react';
import { versionsMessages as words } from '../../i18n/messages/versions.ts';
import { useLoad } from '../../ui/use-load.ts';
import styles from './VersionsPage.module.css';
import type { VersionsApi } from './versions-api.ts';

export function RefusedUpdates({ api }: { api: Pick<VersionsApi, 'refused'> }): ReactElement | null {
  const [loaded] = useLoad(api.refused);
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null;
  return (
    <section className={styles.refused} aria-labelledby="refused-title">
      <h2 id="refused-title" className={styles.refusedTitle}>
        {words.refusedTitle}
      </h2>
      <p className={styles.note}>{words.refusedLead}</p>
      <ul className={styles.versions}>
        {loaded.value.map(({ id, at, by, code }) => (
          <li key={id} className={styles.version}>
            <div className={styles.what}>
              <h3 className={styles.when}>{words.at(at)}</h3>
              <p className={styles.details}>
                {[words.refusedReason(code), ...(by === '' ? [] : [words.by(by)])].join(' · ')}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
