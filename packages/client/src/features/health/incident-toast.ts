// The short message for an incident that the server told of.
import { toRelayEvent, type WireEvent } from '@wedsync/shared';
import { healthMessages as words } from '../../i18n/messages/health.ts';
import type { ToastStore } from '../../ui/toast-store.ts';

/** Undefined for an event of a shape that this version does not know. */
export function toIncidentToast(
  event: WireEvent,
  open: () => void,
): Parameters<ToastStore['show']>[0] | undefined {
  const known = toRelayEvent(event);
  if (known?.type !== 'health.incident') return undefined;
  if (known.closedAt !== null) return { text: words.incidentOver(known.title) };
  return {
    text: words.incidentBegan(known.title),
    tone: 'bad',
    action: { label: words.incidentShow, run: open },
  };
}
