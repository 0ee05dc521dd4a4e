// Behind the link of an invitation: what it is for, and one button.
import { type ReactElement, useCallback, useState } from 'react';
import { membersMessages as words } from '../../i18n/messages/members.ts';
import { messages } from '../../i18n/messages.ts';
import type { Account } from '../../session/account.ts';
import { createApi } from '../../session/api.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { codeOf, useLoad } from '../../ui/use-load.ts';
import { acceptInvitation, viewInvitation } from './members-api.ts';

type JoinPageProps = {
  account: Account;
  email: string;
  token: string;
  onJoined: (listId: string) => void;
  onHome: () => void;
};

type Progress = 'idle' | 'busy' | 'gone' | 'failed';

export function JoinPage({ account, email, token, onJoined, onHome }: JoinPageProps): ReactElement {
  const load = useCallback(() => viewInvitation(token), [token]);
  const [loaded, reload] = useLoad(load);
  const [progress, setProgress] = useState<Progress>('idle');

  const join = async (): Promise<void> => {
    setProgress('busy');
    try {
      onJoined((await acceptInvitation(createApi(account), token)).listId);
    } catch (error) {
      setProgress(codeOf(error) === 'gone' ? 'gone' : 'failed');
    }
  };

  if (loaded.state === 'loading') return <p role="status">{messages.loading}</p>;
  const isGone = progress === 'gone' || (loaded.state === 'failed' && GONE.has(loaded.code));
  if (isGone || loaded.state === 'failed') {
    return (
      <EmptyState
        frames={['empty', 'moon', 'empty']}
        chosen={1}
        title={isGone ? words.joinGoneTitle : words.joinFailedTitle}
        text={isGone ? words.joinGoneText : words.offline}
      >
        {!isGone && <Button onClick={() => void reload()}>{messages.retry}</Button>}
        <Button kind="primary" onClick={onHome}>
          {words.toLists}
        </Button>
      </EmptyState>
    );
  }
  const { listName, invitedBy, role } = loaded.value;
  return (
    <EmptyState
      frames={['hills', 'rings', 'toast']}
      chosen={1}
      title={words.joinTitle(listName)}
      text={`${words.joinText(invitedBy ?? words.joinSomebody, role)} ${words.joinAs(email)}`}
    >
      {progress === 'failed' && <p role="alert">{navigator.onLine ? words.failed : words.offline}</p>}
      <Button kind="primary" isBusy={progress === 'busy'} onClick={() => void join()}>
        {words.join}
      </Button>
    </EmptyState>
  );
}

/** A token that cannot be one is as good as one that is used. */
const GONE = new Set(['gone', 'invalid-request']);
