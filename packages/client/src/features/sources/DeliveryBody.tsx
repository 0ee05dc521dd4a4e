// What an event said, on request: as text, never as markup.
import { type ReactElement, useCallback } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { messages } from '../../i18n/messages.ts';
import { useLoad } from '../../ui/use-load.ts';
import styles from './DeliveryTools.module.css';
import type { SourceTools } from './source-tools-api.ts';

export function DeliveryBody({ tools, id }: { tools: SourceTools; id: string }): ReactElement {
  const load = useCallback(() => tools.body(id), [tools, id]);
  const [loaded] = useLoad(load);
  if (loaded.state === 'loading') return <p>{messages.loading}</p>;
  if (loaded.state === 'failed') return <p>{words.failed}</p>;
  return (
    <section className={styles.body} tabIndex={0} aria-label={words.bodyLabel}>
      <pre>{loaded.value}</pre>
    </section>
  );
}
