// Tags as small labels; what does not fit is counted.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import styles from './Tags.module.css';

/** `max` tags are shown, the rest is a number with the names in its tooltip. */
export function Tags({ tags, max }: { tags: readonly string[]; max: number }): ReactElement {
  const rest = tags.slice(max);
  return (
    <span className={styles.tags}>
      {tags.slice(0, max).map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ))}
      {rest.length > 0 && (
        <span className={styles.rest} title={rest.join(', ')}>
          {words.moreTags(rest.length)}
        </span>
      )}
    </span>
  );
}
