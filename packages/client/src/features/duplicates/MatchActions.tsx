// What a person can say about two couples that may be the same: merge them, or keep both.
import { APART_FIELD, apartId, type CouplePair, coupleName } from '@wedsync/shared';
import { type ReactElement, useState } from 'react';
import { duplicatesMessages as words } from '../../i18n/messages/duplicates.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSubscribable } from '../../session/react.ts';
import { Button } from '../../ui/Button.tsx';
import { useToasts } from '../../ui/Toasts.tsx';
import styles from './Matches.module.css';
import { MergeDialog } from './MergeDialog.tsx';

type MatchActionsProps = { session: ListSession; pair: CouplePair; onMerged?: (staysId: string) => void };

export function MatchActions({ session, pair, onMerged }: MatchActionsProps): ReactElement | null {
  const canEdit = useSubscribable(session.canEdit);
  const toasts = useToasts();
  const [isAsking, setAsking] = useState(false);
  const [stays, goes] = pair.ids.map((id) => session.index.get(id));
  if (!canEdit || stays === undefined || goes === undefined) return null;
  const names = [coupleName(stays.values), coupleName(goes.values)] as const;

  const keepBoth = (): void => {
    session.actions.setMeta(apartId(...pair.ids), { [APART_FIELD]: true }, words.keepStep);
    toasts.show({
      text: words.kept,
      action: { label: messages.undo, run: () => void session.actions.undo() },
    });
  };
  return (
    <div className={styles.actions}>
      <Button aria-label={words.mergeLabel(...names)} onClick={() => setAsking(true)}>
        {words.merge}
      </Button>
      <Button aria-label={words.keepBothLabel(...names)} onClick={keepBoth}>
        {words.keepBoth}
      </Button>
      {isAsking && (
        <MergeDialog
          session={session}
          stays={stays}
          goes={goes}
          onClose={() => setAsking(false)}
          onMerged={(id) => onMerged?.(id)}
        />
      )}
    </div>
  );
}
