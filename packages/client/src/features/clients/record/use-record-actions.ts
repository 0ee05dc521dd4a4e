// Delete and bring back, each with a message that takes it back.
import { useMemo } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import { messages } from '../../../i18n/messages.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { useToasts } from '../../../ui/Toasts.tsx';
import { coupleOf } from '../edit/field-text.ts';

export type RecordActions = { remove(record: RecordView): void; restore(record: RecordView): void };

export function useRecordActions(session: ListSession): RecordActions {
  const toasts = useToasts();
  return useMemo(() => {
    const { actions } = session;
    return {
      remove(record) {
        actions.remove([record.id]);
        toasts.show({
          text: words.deleted(coupleOf(record)),
          action: { label: messages.undo, run: () => actions.restore([record.id]) },
        });
      },
      restore(record) {
        actions.restore([record.id]);
        toasts.show({
          text: words.restored(coupleOf(record)),
          action: { label: messages.undo, run: () => actions.remove([record.id]) },
        });
      },
    };
  }, [session, toasts]);
}
