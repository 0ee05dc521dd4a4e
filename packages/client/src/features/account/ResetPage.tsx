// Behind the link of a reset mail: a new password, typed once, shown if wanted.
import { resetResponseSchema } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useState } from 'react';
import { accountMessages as words } from '../../i18n/messages/account.ts';
import { callPublic } from '../../session/api.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import styles from './AccountPage.module.css';
import { MIN_PASSWORD } from './check-credentials.ts';

type ResetPageProps = { token: string; onDone: () => void };

export function ResetPage({ token, onDone }: ResetPageProps): ReactElement {
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (password.length < MIN_PASSWORD) return setError(words.shortPassword);
    setBusy(true);
    const result = await callPublic('/api/account/reset', resetResponseSchema, { token, password });
    setBusy(false);
    if (result.ok) setDone(true);
    else
      setError(result.code === 'gone' ? words.resetGone : (words.errors[result.code] ?? words.resetFailed));
  };

  return (
    <main className={styles.single}>
      <section className={styles.card}>
        <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
          <h1 className={styles.title}>{words.resetTitle}</h1>
          {isDone ? (
            <>
              <p role="status">{words.resetDone}</p>
              <Button kind="primary" className={styles.wide} onClick={onDone}>
                {words.signIn}
              </Button>
            </>
          ) : (
            <>
              <Field
                label={words.newPassword}
                type="password"
                autoComplete="new-password"
                hint={words.passwordHint}
                maxLength={72}
                value={password}
                error={error}
                onChange={(event) => {
                  setPassword(event.currentTarget.value);
                  setError(undefined);
                }}
              />
              <Button type="submit" kind="primary" isBusy={isBusy} className={styles.wide}>
                {words.resetNow}
              </Button>
            </>
          )}
        </form>
      </section>
    </main>
  );
}
