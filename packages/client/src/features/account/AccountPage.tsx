// Sign in, sign up, or try the demo: the first screen of the app, and the only one that needs a connection.
import { type FormEvent, lazy, type ReactElement, Suspense, useEffect, useRef, useState } from 'react';
import { accountMessages as words } from '../../i18n/messages/account.ts';
import { messages } from '../../i18n/messages.ts';
import type { Account, SignInResult } from '../../session/account.ts';
import { useSubscribable } from '../../session/react.ts';
import { Brand } from '../../ui/Brand.tsx';
import { Button } from '../../ui/Button.tsx';
import { ContactSheet } from '../../ui/ContactSheet.tsx';
import { Field } from '../../ui/Field.tsx';
import { Icon } from '../../ui/Icon.tsx';
import styles from './AccountPage.module.css';
import { type CredentialErrors, checkCredentials } from './check-credentials.ts';

const ForgotDialog = lazy(() =>
  import('./ForgotDialog.tsx').then((module) => ({ default: module.ForgotDialog })),
);

type Mode = 'sign-in' | 'sign-up';
type Progress =
  | { state: 'idle' }
  | { state: 'busy'; what: Mode | 'demo' }
  | { state: 'failed'; message: string };

/** Stays until the account says signed-in; the app then shows the list by itself. */
export function AccountPage({ account, isInvited }: { account: Account; isInvited: boolean }): ReactElement {
  const config = useSubscribable(account.config);
  const [mode, setMode] = useState<Mode>('sign-in');
  const [progress, setProgress] = useState<Progress>({ state: 'idle' });
  const [isForgotten, setForgotten] = useState(false);

  const run = async (what: Mode | 'demo', action: () => Promise<SignInResult>): Promise<void> => {
    setProgress({ state: 'busy', what });
    const result = await action().catch(() => undefined);
    if (result?.ok === true) return;
    const message = result === undefined ? words.unknownError : (words.errors[result.code] ?? result.message);
    setProgress({ state: 'failed', message: message === '' ? words.unknownError : message });
  };

  const demo = config?.demo;
  const isBusy = progress.state === 'busy';
  return (
    <main className={styles.page}>
      <section className={styles.intro}>
        <Brand name={messages.appName} />
        <p className={styles.tagline}>{words.tagline}</p>
        <ContactSheet
          className={styles.picture}
          frames={['hills', 'aisle', 'toast', 'arch', 'rings', 'moon']}
          chosen={4}
        />
        <p className={styles.note}>{words.footer}</p>
      </section>
      <section className={styles.card}>
        {isInvited && <p className={styles.hint}>{words.invited}</p>}
        {progress.state === 'failed' && <FormError message={progress.message} />}
        {demo !== undefined && (
          <>
            <Button
              kind="primary"
              className={styles.wide}
              isBusy={isBusy}
              onClick={() => void run('demo', () => account.signIn(demo.email, demo.password))}
            >
              {isBusy && progress.what === 'demo' ? words.demoStarting : words.demo}
            </Button>
            <p className={styles.hint}>{words.demoHint}</p>
            <p className={styles.or}>
              <span>{words.or}</span>
            </p>
          </>
        )}
        <CredentialsForm
          key={mode}
          mode={mode}
          isBusy={isBusy}
          isMain={demo === undefined}
          onSubmit={(email, password) =>
            void run(mode, () =>
              mode === 'sign-up' ? account.signUp(email, password) : account.signIn(email, password),
            )
          }
        />
        <p className={styles.switch}>
          {mode === 'sign-in' ? words.toSignUp : words.toSignIn}{' '}
          <Button
            kind="quiet"
            onClick={() => {
              setProgress({ state: 'idle' });
              setMode(mode === 'sign-in' ? 'sign-up' : 'sign-in');
            }}
          >
            {mode === 'sign-in' ? words.signUp : words.signIn}
          </Button>
        </p>
        {mode === 'sign-in' && (
          <p className={styles.switch}>
            <Button kind="quiet" onClick={() => setForgotten(true)}>
              {words.forgot}
            </Button>
          </p>
        )}
      </section>
      {isForgotten && (
        <Suspense>
          <ForgotDialog onClose={() => setForgotten(false)} />
        </Suspense>
      )}
    </main>
  );
}

function FormError({ message }: { message: string }): ReactElement {
  return (
    <p className={styles.error} role="alert">
      <Icon name="warning" />
      <span>{message}</span>
    </p>
  );
}

type CredentialsFormProps = {
  mode: Mode;
  isBusy: boolean;
  isMain: boolean;
  onSubmit: (email: string, password: string) => void;
};

function CredentialsForm({ mode, isBusy, isMain, onSubmit }: CredentialsFormProps): ReactElement {
  const [errors, setErrors] = useState<CredentialErrors>({});
  const [isShown, setShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isSignUp = mode === 'sign-up';

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [errors]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const email = String(data.get('email') ?? '').trim();
    const password = String(data.get('password') ?? '');
    const found = checkCredentials(email, password, mode);
    setErrors(found);
    if (found.email === undefined && found.password === undefined) onSubmit(email, password);
  };

  const label = isSignUp ? words.signUp : words.signIn;
  const busyLabel = isSignUp ? words.signingUp : words.signingIn;
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{isSignUp ? words.signUpTitle : words.signInTitle}</h1>
      <p className={styles.lead}>{isSignUp ? words.signUpLead : words.signInLead}</p>
      <Field
        label={words.email}
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        error={errors.email}
      />
      <Field
        label={words.password}
        name="password"
        type={isShown ? 'text' : 'password'}
        autoComplete={isSignUp ? 'new-password' : 'current-password'}
        error={errors.password}
        {...(isSignUp ? { hint: words.passwordHint } : {})}
      />
      <label className={styles.show}>
        <input
          type="checkbox"
          checked={isShown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        {words.showPassword}
      </label>
      <Button type="submit" kind={isMain ? 'primary' : 'plain'} isBusy={isBusy} className={styles.wide}>
        {isBusy ? busyLabel : label}
      </Button>
    </form>
  );
}
