// Jotform: a submission as multipart form data, its answers as JSON text in the part `rawRequest`
// (https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/, 2026-11). There is no signature: the key at
// the end of the address is the proof. An edited submission comes again under its id.
import { verifyToken } from '../verify/shared-token.ts';
import { headerOf } from '../verify/verdict.ts';
import type { Delivery, Provider } from './adapter.ts';
import { type Answer, answerRows, answersByKey } from './answers.ts';
import { firstText, isObject, type Json, objectOf, readJson, textOf, toBytes } from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';

const pad = (value: unknown) => textOf(value).padStart(2, '0');

/** Jotform's widgets send objects: the simple value that each of them stands for. */
function answerValue(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((text) => text !== '')
      .join(', ');
  if (!isObject(value)) return value;
  if (value.year !== undefined) {
    const day = [textOf(value.year), pad(value.month), pad(value.day)];
    return textOf(value.year) === '' ? null : day.join('-');
  }
  if (value.datetime !== undefined) return textOf(value.datetime).slice(0, 10);
  if (value.full !== undefined) return textOf(value.full);
  if (value.phone !== undefined)
    return [value.country, value.area, value.phone]
      .map(textOf)
      .filter((text) => text !== '')
      .join(' ');
  if (value.first !== undefined || value.last !== undefined) return value;
  if (value.timeInput !== undefined) return [value.timeInput, value.ampm].map(textOf).join(' ').trim();
  if (value.hourSelect !== undefined)
    return `${textOf(value.hourSelect)}:${pad(value.minuteSelect)} ${textOf(value.ampm)}`.trim();
  const parts = Object.values(value).map(textOf);
  return parts.filter((text) => text !== '').join(', ');
}

/** `q6_weddingDate` is question 6; its name is what the form's owner called it. */
function answersOf(raw: Json): Answer[] {
  return Object.entries(raw).flatMap(([key, value]) => {
    const name = /^q\d+_(.+)$/.exec(key)?.[1];
    return name === undefined
      ? []
      : [{ key: name.replace(/\d+$/, '') || name, title: name, value: answerValue(value) }];
  });
}

function readSubmission(delivery: Delivery) {
  const parts = objectOf(readJson(delivery.body));
  const raw = objectOf(readJson(Buffer.from(textOf(parts.rawRequest), 'utf8')));
  const answers = answersOf(raw);
  const payload = {
    answers: answersByKey(answers),
    formID: parts.formID,
    formTitle: parts.formTitle,
    submissionID: parts.submissionID,
  };
  return { parts, raw, answers, payload };
}

export const jotform: Provider = {
  secret: 'ours',
  verify: verifyToken,
  async intake(request) {
    const type = headerOf(request, 'content-type') ?? '';
    const body = new Uint8Array(request.body);
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    const parts = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'));
    const raw = objectOf(readJson(Buffer.from(textOf(parts.rawRequest), 'utf8')));
    // Without an id of its own the event is known by what it says: an edit is another event.
    const ids = [parts.submissionID, raw.event_id].map(textOf);
    return [{ body: toBytes(parts), ...(ids.every((id) => id !== '') && { eventId: ids.join(' ') }) }];
  },
  payloadOf: (delivery) => readSubmission(delivery).payload,
  adapt(delivery) {
    const { parts, raw, answers, payload } = readSubmission(delivery);
    const event = 'submission';
    if (textOf(parts.rawRequest) === '') return refuse('malformed', { event });
    return toAdapted(
      {
        event,
        externalId: firstText(parts.submissionID),
        kind: 'upsert',
        // Its event id begins with the time in ms; a submission itself says none.
        occurredAt: /^(\d{13})_/.exec(textOf(raw.event_id))?.[1],
        payload,
        rows: answerRows('answers', answers),
      },
      delivery,
    );
  },
};
