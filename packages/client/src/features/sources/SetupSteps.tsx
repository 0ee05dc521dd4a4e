// What has to be done in the other system, step by step.
import type { ReactElement } from 'react';
import { providerWords } from '../../i18n/messages/source-providers.ts';
import { sourcesMessages as words } from '../../i18n/messages/sources.ts';
import styles from './SetupSteps.module.css';

export function SetupSteps({ provider }: { provider: string }): ReactElement | null {
  const steps = providerWords(provider)?.steps ?? [];
  if (steps.length === 0) return null;
  return (
    <section className={styles.steps}>
      <h3>{words.setUp}</h3>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}
