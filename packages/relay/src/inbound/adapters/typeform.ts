// Typeform: one delivery is one response to a form (https://www.typeform.com/developers/webhooks/example-payload/,
// read 2026-11). Answers are matched by the question's ref, never by position.
import { verifyTypeform } from '../verify/body-hmac.ts';
import type { Delivery, Provider } from './adapter.ts';
import { type Answer, answerRows, answersByKey } from './answers.ts';
import { firstText, isObject, type Json, listOf, objectOf, readJson, textOf } from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';

/** The value of an answer: it stands under the name of its type. */
function answerValue(answer: Json): unknown {
  const type = textOf(answer.type);
  const value = answer[type];
  if (type === 'choice') return firstText(objectOf(value).label, objectOf(value).other);
  if (type === 'choices') {
    const { labels, other } = objectOf(value);
    return [...listOf(labels), other]
      .map(textOf)
      .filter((text) => text !== '')
      .join(', ');
  }
  // A day, sometimes written with midnight UTC behind it.
  if (type === 'date') return textOf(value).slice(0, 10);
  if (type === 'payment') return firstText(objectOf(value).amount);
  return isObject(value) ? firstText(value.label, value.url, value.name) : value;
}

/** All questions of the form, also those without an answer: only a question that is gone is missing. */
function answersOf(response: Json): Answer[] {
  const given = new Map(
    listOf(response.answers)
      .filter(isObject)
      .map((answer) => {
        const field = objectOf(answer.field);
        return [firstText(field.ref, field.id), answerValue(answer)] as const;
      }),
  );
  const asked = listOf(objectOf(response.definition).fields)
    .filter(isObject)
    .map((field) => {
      const key = firstText(field.ref, field.id);
      return { key, title: textOf(field.title), value: given.get(key) ?? null };
    });
  const known = new Set(asked.map(({ key }) => key));
  const others = [...given].filter(([key]) => !known.has(key));
  return [...asked, ...others.map(([key, value]) => ({ key, title: key, value }))].filter(
    ({ key }) => key !== '',
  );
}

function readResponse(delivery: Delivery) {
  const body = objectOf(readJson(delivery.body));
  const response = objectOf(body.form_response);
  const answers = answersOf(response);
  const payload = {
    answers: answersByKey(answers),
    hidden: objectOf(response.hidden),
    form: { id: response.form_id, title: objectOf(response.definition).title },
    submitted_at: response.submitted_at,
  };
  return { body, response, answers, payload };
}

export const typeform: Provider = {
  secret: 'either',
  verify: verifyTypeform,
  intake: ({ body }) => {
    const eventId = textOf(objectOf(readJson(body)).event_id);
    return [{ body, ...(eventId && { eventId }) }];
  },
  payloadOf: (delivery) => readResponse(delivery).payload,
  adapt(delivery) {
    const { body, response, answers, payload } = readResponse(delivery);
    const event = textOf(body.event_type);
    if (!isObject(body.form_response)) return refuse(event === '' ? 'malformed' : 'unknown-event', { event });
    if (!/^form_response/.test(event)) return refuse('unknown-event', { event });
    return toAdapted(
      {
        event,
        externalId: textOf(response.token),
        kind: 'upsert',
        occurredAt: firstText(response.submitted_at, response.landed_at),
        isCreation: true,
        payload,
        rows: [...answerRows('answers', answers), { from: 'hidden.utm_source', to: 'leadSource' }],
      },
      delivery,
    );
  },
};
