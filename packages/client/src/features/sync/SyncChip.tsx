// The one quiet chip that always answers "is it saved?", and the sheet behind it.
import { lazy, type ReactElement, Suspense, useEffect, useState } from 'react';
import { syncMessages as words } from '../../i18n/messages/sync.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSyncStatus } from '../../session/react.ts';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useTick } from '../../ui/use-tick.ts';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import type { SyncServices } from './SyncActions.tsx';
import styles from './SyncChip.module.css';
import { type SyncWords, syncWords } from './sync-words.ts';

const SyncSheet = lazy(() => import('./SyncSheet.tsx').then((module) => ({ default: module.SyncSheet })));

type SyncChipProps = { session: ListSession; services: SyncServices; className?: string | undefined };

export function SyncChip({ session, services, className }: SyncChipProps): ReactElement {
  const status = useSyncStatus(session);
  const [isOpen, setOpen] = useState(false);
  const nowMs = useTick(status.retryAt === undefined ? undefined : 1000);
  const said = syncWords(status, nowMs);
  return (
    <>
      <button
        type="button"
        className={cx(styles.chip, styles[said.tone], className)}
        aria-label={words.chipLabel(said.chip)}
        aria-haspopup="dialog"
        data-stage={status.stage}
        onClick={() => setOpen(true)}
      >
        <Icon name={said.icon} size={18} />
        <span className={styles.words}>{said.chip}</span>
      </button>
      <Announcement said={said} />
      {isOpen && (
        <Suspense>
          <SyncSheet session={session} onClose={() => setOpen(false)} services={services} />
        </Suspense>
      )}
    </>
  );
}

/** Said aloud when the situation has held for a moment: each edit passes through three stages in a blink. */
const SETTLED_MS = 2_500;

function Announcement({ said }: { said: SyncWords }): ReactElement {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(said.spoken), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [said.spoken]);
  return (
    <VisuallyHidden>
      <span role="status">{settled}</span>
    </VisuallyHidden>
  );
}
