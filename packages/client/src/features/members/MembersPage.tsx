// The people of a list: everybody sees who is in it; its owner invites, changes and removes.
import type { Invitation, ListSummary } from '@wedsync/shared';
import { type ReactElement, useCallback, useState } from 'react';
import { membersMessages as words } from '../../i18n/messages/members.ts';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import { useLoad } from '../../ui/use-load.ts';
import { ConfirmDialog, type Question } from './ConfirmDialog.tsx';
import { InviteForm } from './InviteForm.tsx';
import { ListSettings } from './ListSettings.tsx';
import { MemberRow, nameOf } from './MemberRow.tsx';
import styles from './MembersPage.module.css';
import type { MembersApi } from './members-api.ts';

type MembersPageProps = {
  api: MembersApi;
  /** Who looks. */
  userId: string;
  listName: string;
  /** The list has another name, or came or went: the list of lists is read again. */
  onListsChanged: () => Promise<void>;
  /** This list is not among one's lists any more. */
  onLeft: () => void;
};

export function MembersPage({
  api,
  userId,
  listName,
  onListsChanged,
  onLeft,
}: MembersPageProps): ReactElement {
  const toasts = useToasts();
  const load = useCallback(async () => {
    const found = await api.list();
    const isOwner = found.members.some((member) => member.userId === userId && member.role === 'owner');
    return { ...found, isOwner, archived: await api.archived() };
  }, [api, userId]);
  const [loaded, reload] = useLoad(load);
  const [question, setQuestion] = useState<Question>();

  /** Does something, says what came of it, and reads again. */
  const run = async (action: () => Promise<void>, said?: string): Promise<boolean> => {
    try {
      await action();
      if (said !== undefined) toasts.show({ text: said });
      await reload();
      return true;
    } catch {
      toasts.show({ text: navigator.onLine ? words.failed : words.offline, tone: 'bad' });
      await reload();
      return false;
    }
  };
  const leaving = async (action: () => Promise<void>): Promise<void> => {
    if (!(await run(action))) return;
    await onListsChanged();
    onLeft();
  };
  const changing = async (action: () => Promise<void>, said: string): Promise<void> => {
    if (await run(action, said)) await onListsChanged();
  };

  if (loaded.state !== 'ready') {
    const text = loaded.state === 'failed' && loaded.code === 'not-found' ? words.gone : words.offline;
    return (
      <Page title={words.title} lead={words.lead}>
        {loaded.state === 'loading' ? (
          <p className={styles.detail}>{messages.loading}</p>
        ) : (
          <EmptyState frames={['empty', 'empty', 'empty']} chosen={1} title={text}>
            <Button onClick={() => void reload()}>{messages.retry}</Button>
          </EmptyState>
        )}
      </Page>
    );
  }

  const { members, invitations, isOwner, archived } = loaded.value;
  return (
    <Page title={words.title} lead={words.lead}>
      <ul className={styles.rows} aria-label={words.title}>
        {members.map((member) => (
          <MemberRow
            key={member.userId}
            member={member}
            isSelf={member.userId === userId}
            canManage={isOwner}
            onRole={(role) => void run(() => api.setRole(member.userId, role))}
            onRemove={() =>
              setQuestion({
                title: words.removeTitle(nameOf(member)),
                text: words.removeText,
                confirm: words.removeNow,
                run: () => void run(() => api.remove(member.userId), words.removed(nameOf(member))),
              })
            }
            onHandOver={() =>
              setQuestion({
                title: words.handOverTitle(nameOf(member)),
                text: words.handOverText,
                confirm: words.handOverNow,
                run: () => void run(() => api.handOver(member.userId)),
              })
            }
          />
        ))}
      </ul>
      {isOwner ? (
        <>
          <Pending invitations={invitations} onTakeBack={(id) => void run(() => api.takeBack(id))} />
          <InviteForm api={api} onInvited={reload} />
          <ListSettings
            key={listName}
            name={listName}
            archived={archived}
            onRename={(name) => void changing(() => api.rename(name), words.renamed)}
            onRestore={({ id, name }: ListSummary) =>
              void changing(() => api.setArchived(false, id), words.restored(name))
            }
            onArchive={() =>
              setQuestion({
                title: words.archiveTitle,
                text: words.archiveText,
                confirm: words.archiveNow,
                run: () => void leaving(() => api.setArchived(true)),
              })
            }
          />
        </>
      ) : (
        <div>
          <Button
            icon="signOut"
            onClick={() =>
              setQuestion({
                title: words.leaveTitle,
                text: words.leaveText,
                confirm: words.leaveNow,
                run: () => void leaving(() => api.remove(userId)),
              })
            }
          >
            {words.leave}
          </Button>
        </div>
      )}
      {question !== undefined && <ConfirmDialog question={question} onClose={() => setQuestion(undefined)} />}
    </Page>
  );
}

type PendingProps = { invitations: readonly Invitation[]; onTakeBack: (id: string) => void };

function Pending({ invitations, onTakeBack }: PendingProps): ReactElement | null {
  if (invitations.length === 0) return null;
  return (
    <section className={styles.section} aria-label={words.pending}>
      <h2 className={styles.heading}>{words.pending}</h2>
      <ul className={styles.rows}>
        {invitations.map(({ id, email, role, expiresAt }) => (
          <li key={id} className={styles.row}>
            <div className={styles.who}>
              <strong className={styles.name}>{email}</strong>
              <span className={styles.detail}>{words.pendingText(role, expiresAt)}</span>
            </div>
            <Button aria-label={words.takeBackFor(email)} onClick={() => onTakeBack(id)}>
              {words.takeBack}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
