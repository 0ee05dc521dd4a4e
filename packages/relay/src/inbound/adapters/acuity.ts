// Acuity Scheduling: a form body with ids only (https://developers.acuityscheduling.com/docs/webhooks, 2026-11); the
// appointment is read back. The couple is who booked, by their mail address. The appointment is a consultation.
import { headerMeaning } from '@wedsync/shared';
import { verifyAcuity } from '../verify/body-hmac.ts';
import type { Delivery, Provider } from './adapter.ts';
import { type Answer, answerRows, answersByKey } from './answers.ts';
import { firstText, isObject, type Json, listOf, objectOf, readJson, textOf } from './json.ts';
import { mailId, refuse, toAdapted } from './occurrence.ts';
import { readItemOf } from './read-item.ts';

const ACTIONS = ['scheduled', 'rescheduled', 'canceled', 'changed'];

/** "2026-12-05 10:15 America/New_York" of `2026-12-05T10:15:00-0500`. */
function meetingTime(appointment: Json): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(textOf(appointment.datetime));
  const zone = textOf(appointment.timezone);
  return match === null ? '' : `${match[1]} ${match[2]} ${zone}`.trim();
}

function answersOf(appointment: Json): Answer[] {
  return listOf(appointment.forms)
    .flatMap((form) => listOf(objectOf(form).values))
    .filter(isObject)
    .map(({ name, value }) => ({ key: textOf(name), title: textOf(name), value: value ?? null }))
    .filter(({ key }) => key !== '');
}

function readAppointment(delivery: Delivery) {
  const item = objectOf(readJson(delivery.body));
  const appointment = objectOf(item.object);
  const answers = answersOf(appointment);
  return { item, appointment, answers, payload: { ...appointment, answers: answersByKey(answers) } };
}

/** Whether somebody else's number says that the value is a person's. */
const isOurs = (name: string) => headerMeaning(name) !== undefined;

export const acuity: Provider = {
  secret: 'theirs',
  verify: verifyAcuity,
  payloadOf: (delivery) => readAppointment(delivery).payload,
  adapt(delivery) {
    const { item, appointment, answers, payload } = readAppointment(delivery);
    if (readItemOf(item) === 'appointment') {
      const isCanceled = appointment.canceled === true;
      return toAdapted(
        {
          event: isCanceled ? 'appointment.canceled' : 'appointment.read',
          externalId: firstText(mailId(appointment.email), `appointment:${textOf(appointment.id)}`),
          kind: 'upsert',
          occurredAt: item.at,
          payload,
          says: { 'x:consultation': isCanceled ? 'canceled' : meetingTime(appointment) },
          rows: isCanceled
            ? []
            : [
                { from: 'firstName', to: 'firstName' },
                { from: 'lastName', to: 'lastName' },
                { from: 'email', to: 'email' },
                { from: 'phone', to: 'phone' },
                ...answerRows(
                  'answers',
                  answers.filter(({ title }) => isOurs(title)),
                ),
              ],
        },
        delivery,
      );
    }
    const form = new URLSearchParams(Buffer.from(delivery.body).toString('utf8'));
    const action = (form.get('action') ?? '').replace(/^appointment\./, '');
    const id = form.get('id') ?? '';
    const event = action === '' ? '' : `appointment.${action}`;
    if (!ACTIONS.includes(action)) return refuse(action === '' ? 'malformed' : 'unknown-event', { event });
    if (!/^\d{1,20}$/.test(id)) return refuse('no-client-id', { event });
    return toAdapted(
      { event, externalId: `appointment:${id}`, kind: 'read', occurredAt: undefined },
      delivery,
    );
  },
};
