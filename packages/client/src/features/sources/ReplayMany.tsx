// Puts the events of a time back into the queue, after a mapping was mended or a system was down.
import { type ReactElement, useState } from 'react';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import { Button } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import styles from './DeliveryTools.module.css';
import type { SourceTools } from './source-tools-api.ts';

type Since = keyof typeof words.sinces;
const HOUR_MS = 3_600_000;
const SPANS_MS: Readonly<Record<Since, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  ever: Number.POSITIVE_INFINITY,
};

type ReplayManyProps = { tools: SourceTools; sourceId: string; onDone: () => Promise<void> };

export function ReplayMany({ tools, sourceId, onDone }: ReplayManyProps): ReactElement {
  const [since, setSince] = useState<Since>('day');
  const toasts = useToasts();
  const replay = async (isAll: boolean): Promise<void> => {
    try {
      const from = Math.max(0, Date.now() - SPANS_MS[since]);
      const count = await tools.replaySince(sourceId, from, isAll);
      toasts.show({ text: words.replayedMany(count) });
      await onDone();
    } catch {
      toasts.show({ text: words.failed, tone: 'bad' });
    }
  };
  return (
    <section className={styles.tools} aria-label={words.replayMany}>
      <SelectField
        label={words.since}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value as Since)}
      >
        {Object.entries(words.sinces).map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      <Button onClick={() => void replay(false)}>{words.replayRange}</Button>
      <Button kind="quiet" onClick={() => void replay(true)}>
        {words.replayAll}
      </Button>
    </section>
  );
}
