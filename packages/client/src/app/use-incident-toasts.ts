// Tells who has the list open when something begins to fail, and when it is over. What it says comes when needed.
import { useEffect } from 'react';
import type { ListSession } from '../session/list-session.ts';
import { useToasts } from '../ui/Toasts.tsx';
import type { PageName } from './routes.ts';

export function useIncidentToasts(
  session: Pick<ListSession, 'onServerEvent'>,
  openPage: (page: PageName) => void,
): void {
  const toasts = useToasts();
  useEffect(
    () =>
      session.onServerEvent((event) => {
        if (event.type !== 'health.incident') return;
        void import('../features/health/incident-toast.ts').then(({ toIncidentToast }) => {
          const toast = toIncidentToast(event, () => openPage('health'));
          if (toast !== undefined) toasts.show(toast);
        });
      }),
    [session, toasts, openPage],
  );
}
