// Calendly: a consultation is booked, moved or cancelled (https://developer.calendly.com/api-docs, read 2026-11). The
// couple is who books, by their mail address: a reschedule has new ids and comes as created and cancelled, in any
// order. The consultation's time is not the wedding date; that stands in an answer.
import { verifyCalendly } from '../verify/timed-hmac.ts';
import type { Delivery, Provider } from './adapter.ts';
import { type Answer, answerRows, answersByKey } from './answers.ts';
import { firstText, isObject, type Json, listOf, objectOf, readJson, textOf } from './json.ts';
import { mailId, refuse, toAdapted } from './occurrence.ts';

const CONSULTATION = 'x:consultation';

function answersOf(invitee: Json): Answer[] {
  return listOf(invitee.questions_and_answers)
    .filter(isObject)
    .map(({ question, answer }) => ({
      key: textOf(question),
      title: textOf(question),
      value: answer ?? null,
    }))
    .filter(({ key }) => key !== '');
}

/** "2026-12-03 18:30 Europe/London": when they meet, as the couple reads it on the clock. */
function meetingTime(startTime: unknown, timeZone: string): string {
  const at = new Date(textOf(startTime));
  if (Number.isNaN(at.getTime())) return '';
  try {
    const text = at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    return `${text} ${timeZone}`;
  } catch {
    return at.toISOString(); // A zone that this machine does not know.
  }
}

function readInvitee(delivery: Delivery) {
  const body = objectOf(readJson(delivery.body));
  const invitee = objectOf(body.payload);
  const answers = answersOf(invitee);
  return { body, invitee, answers, payload: { ...invitee, answers: answersByKey(answers) } };
}

export const calendly: Provider = {
  secret: 'either',
  verify: verifyCalendly,
  intake: ({ body }) => {
    const { event, payload } = objectOf(readJson(body));
    const { uri, updated_at: updatedAt } = objectOf(payload);
    const eventId = [uri, event, updatedAt].map(textOf).join(' ');
    return [{ body, ...(textOf(uri) && { eventId }) }];
  },
  payloadOf: (delivery) => readInvitee(delivery).payload,
  adapt(delivery) {
    const { body, invitee, answers, payload } = readInvitee(delivery);
    const event = textOf(body.event);
    if (event !== 'invitee.created' && event !== 'invitee.canceled')
      return refuse(event === '' ? 'malformed' : 'unknown-event', { event });
    const isCreation = event === 'invitee.created';
    // The other half of a reschedule says when they meet; this one is only the end of the old time.
    const isMoved = invitee.rescheduled === true || textOf(invitee.new_invitee) !== '';
    const meeting = meetingTime(
      objectOf(invitee.scheduled_event).start_time,
      firstText(invitee.timezone, 'UTC'),
    );
    const says = isCreation ? { [CONSULTATION]: meeting } : isMoved ? {} : { [CONSULTATION]: 'canceled' };
    return toAdapted(
      {
        event,
        externalId: firstText(mailId(invitee.email), invitee.uri),
        kind: 'upsert',
        occurredAt: firstText(invitee.updated_at, invitee.created_at, body.created_at),
        isCreation: isCreation && textOf(invitee.old_invitee) === '',
        payload,
        says,
        rows: isCreation
          ? [
              { from: 'name', to: 'names' },
              { from: 'first_name', to: 'firstName' },
              { from: 'last_name', to: 'lastName' },
              { from: 'email', to: 'email' },
              { from: 'text_reminder_number', to: 'phone' },
              ...answerRows('answers', answers),
              { from: 'tracking.utm_source', to: 'leadSource' },
            ]
          : [],
      },
      delivery,
    );
  },
};
