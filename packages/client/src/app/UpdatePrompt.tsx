// A quiet line when a newer app is ready: the person decides when.
import type { ReactElement } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import type { AppUpdate } from '../pwa/app-update.ts';
import { useSubscribable } from '../session/react.ts';
import { Button } from '../ui/Button.tsx';
import styles from './UpdatePrompt.module.css';

export function UpdatePrompt({ update }: { update: AppUpdate }): ReactElement | null {
  const isReady = useSubscribable(update.isReady);
  if (!isReady) return null;
  return (
    <div className={styles.prompt} role="status">
      <span>{words.updateReady}</span>
      <Button onClick={() => update.apply()}>{words.updateNow}</Button>
    </div>
  );
}
