// Inviting needs an address and a role; the link is there to copy, whether or not a mail went out.
import { GIVEN_ROLES, type GivenRole, type InviteResponse } from '@wedsync/shared';
import { type FormEvent, type ReactElement, useState } from 'react';
import { membersMessages as words } from '../../i18n/messages/members.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { Field, SelectField } from '../../ui/Field.tsx';
import { codeOf } from '../../ui/use-load.ts';
import styles from './MembersPage.module.css';
import type { MembersApi } from './members-api.ts';

type InviteFormProps = { api: MembersApi; onInvited: () => Promise<void> };

const FAILURES: Readonly<Record<string, string>> = {
  'already-exists': words.inviteMember,
  'rate-limited': words.inviteTooMany,
  'invalid-request': words.inviteNeedsEmail,
};

export function InviteForm({ api, onInvited }: InviteFormProps): ReactElement {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<GivenRole>('editor');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [sent, setSent] = useState<InviteResponse & { email: string }>();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) return setError(words.inviteNeedsEmail);
    setBusy(true);
    try {
      setSent({ ...(await api.invite(email.trim(), role)), email: email.trim() });
      setEmail('');
      await onInvited();
    } catch (failure) {
      setError(FAILURES[codeOf(failure)] ?? (navigator.onLine ? words.failed : words.offline));
    }
    setBusy(false);
  };

  return (
    <section className={styles.section} aria-label={words.invite}>
      <h2 className={styles.heading}>{words.invite}</h2>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <Field
          label={words.inviteEmail}
          type="email"
          inputMode="email"
          autoComplete="off"
          value={email}
          maxLength={320}
          error={error}
          onChange={(event) => {
            setEmail(event.currentTarget.value);
            setError(undefined);
          }}
        />
        <SelectField
          label={words.inviteRole}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value === 'viewer' ? 'viewer' : 'editor')}
        >
          {GIVEN_ROLES.map((value) => (
            <option key={value} value={value}>
              {words.inviteRoles[value]}
            </option>
          ))}
        </SelectField>
        <Button type="submit" kind="primary" icon="mail" isBusy={isBusy}>
          {words.inviteSend}
        </Button>
      </form>
      {sent !== undefined && (
        <div className={styles.sent} role="status">
          <p>{sent.isMailed ? words.mailed(sent.email) : words.notMailed}</p>
          <CopyField
            label={words.link}
            value={sent.link}
            copyLabel={words.copyLink}
            copiedLabel={words.copied}
          />
        </div>
      )}
    </section>
  );
}
