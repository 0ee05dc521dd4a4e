// Stripe and those that build their events alike: a thick event with its own id, `created` in seconds and
// `data.object` (https://docs.stripe.com/api/events/object, 2026-11). A payment says that a couple paid, not what the
// wedding costs: it leaves the price alone.
import { currencyDigits } from '@wedsync/shared';
import { guessTarget } from '../mapping/guess-target.ts';
import { joinPath } from '../mapping/path.ts';
import { verifyStripe } from '../verify/timed-hmac.ts';
import type { Delivery, EventKind, Provider } from './adapter.ts';
import { firstText, isObject, type Json, objectOf, readJson, textOf } from './json.ts';
import { mailId, refuse, toAdapted } from './occurrence.ts';

/** "500.00 GBP" of 50000 in the currency's smallest unit. */
function paidOf(object: Json): string {
  const amount = object.amount_total ?? object.amount_paid ?? object.amount_received ?? object.amount;
  const currency = textOf(object.currency).toUpperCase();
  const digits = currencyDigits(currency) ?? 2;
  if (typeof amount !== 'number' || currency === '') return '';
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}

const PAID = /(?:completed|succeeded|\.paid|payment_succeeded)$/;

function readEvent(delivery: Delivery) {
  const body = objectOf(readJson(delivery.body));
  return { body, object: objectOf(objectOf(body.data).object) };
}

/** Metadata that the studio put there itself: `wedding_date`, `venue`. */
function metadataRows(object: Json) {
  return Object.keys(objectOf(object.metadata)).flatMap((key) => {
    const to = guessTarget(key);
    const isOurs = to !== undefined && to !== 'ignore' && to !== 'projectName';
    return isOurs ? [{ from: joinPath('metadata', key), to }] : [];
  });
}

export const stripe: Provider = {
  secret: 'theirs',
  verify: verifyStripe,
  intake: ({ body }) => {
    const eventId = textOf(objectOf(readJson(body)).id);
    return [{ body, ...(eventId && { eventId }) }];
  },
  payloadOf: (delivery) => readEvent(delivery).object,
  adapt(delivery) {
    const { body, object } = readEvent(delivery);
    const event = textOf(body.type);
    if (event === '' || !isObject(objectOf(body.data).object)) return refuse('malformed', { event });
    const details = objectOf(object.customer_details);
    const metadata = objectOf(object.metadata);
    const reference = firstText(object.client_reference_id, metadata.clientId, metadata.client_id);
    const isCustomer = event.startsWith('customer.') && object.object === 'customer';
    const mail = firstText(details.email, object.customer_email, object.receipt_email, object.email);
    const customer = isCustomer ? object.id : object.customer;
    const kind: EventKind = event === 'customer.deleted' ? 'detach' : 'upsert';
    // Who pays may be the mother: only where no couple is named, the payer is taken for the client.
    const who = isCustomer ? '' : 'customer_details.';
    return toAdapted(
      {
        event,
        externalId: firstText(reference, isObject(customer) ? customer.id : customer, mailId(mail)),
        aliases: [mailId(mail)],
        kind,
        occurredAt: body.created,
        isCreation: event === 'customer.created',
        payload: object,
        previous: objectOf(objectOf(body.data).previous_attributes),
        says: PAID.test(event) ? { 'x:lastPayment': paidOf(object) } : {},
        rows: [
          ...metadataRows(object),
          ...(reference === ''
            ? [
                { from: `${who}name`, to: 'names' },
                { from: `${who}email`, to: 'email' },
                { from: `${who}phone`, to: 'phone' },
              ]
            : []),
        ],
      },
      delivery,
    );
  },
};
