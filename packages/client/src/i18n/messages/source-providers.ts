// What each provider is called, how it is set up there, and what has to be copied from it.
import type { CreateSourceRequest } from '@wedsync/shared';

/** `secret`: who makes it. `account`: what reading through the provider's API needs, in order. */
export type ProviderWords = {
  readonly id: CreateSourceRequest['provider'];
  readonly label: string;
  readonly steps: readonly string[];
  readonly secret: 'ours' | 'theirs';
  readonly secretLabel?: string;
  readonly hasKeyInAddress?: true;
  readonly account?: readonly { readonly key: string; readonly label: string }[];
  readonly places?: readonly { readonly key: 'baseId' | 'tableId' | 'calendarId'; readonly label: string }[];
};

const TOKEN_HEADER =
  'Add a header with the name x-api-key and the secret as its value. The address goes into the URL field.';

export const PROVIDER_WORDS: readonly ProviderWords[] = [
  {
    id: 'standard',
    label: 'My own program (signed webhooks)',
    secret: 'ours',
    steps: [
      'Send events to the address, signed by Standard Webhooks with the secret.',
      'The command under “Try it” shows one.',
    ],
  },
  {
    id: 'zapier',
    label: 'Zapier: HoneyBook, Dubsado, Studio Ninja and others',
    secret: 'ours',
    steps: [
      'In the Zap, add the action “Webhooks by Zapier”, then POST, payload type json.',
      TOKEN_HEADER,
      'Name the values as you like, and send an id of the couple as external_id. What is not recognised is chosen under “Fields” later.',
    ],
  },
  {
    id: 'make',
    label: 'Make',
    secret: 'ours',
    steps: ['Add the module “HTTP: Make a request”, method POST, with a JSON body.', TOKEN_HEADER],
  },
  {
    id: 'hubspot',
    label: 'HubSpot',
    secret: 'theirs',
    secretLabel: 'Client secret of the app',
    account: [{ key: 'token', label: 'Access token of the private app' }],
    steps: [
      'Make an app in HubSpot with the right to read contacts, and copy its client secret.',
      'Put the address into the app’s webhooks and subscribe to contacts: created, changed, merged, deleted and deleted for privacy.',
      'Connect the account, so that contacts can be imported and read.',
    ],
  },
  {
    id: 'pipedrive',
    label: 'Pipedrive',
    secret: 'ours',
    steps: [
      'In Pipedrive, under Tools → Webhooks, add one with the address, version 2.',
      'HTTP auth: any user name, and the secret as the password.',
      'Choose all events of persons, deals and leads.',
    ],
  },
  {
    id: 'calendly',
    label: 'Calendly',
    secret: 'ours',
    steps: [
      'Create a webhook subscription through Calendly’s API with the address and the secret as signing_key.',
      'Events: invitee.created and invitee.canceled. The wedding date is taken from an answer.',
    ],
  },
  {
    id: 'google-calendar',
    label: 'Google Calendar',
    secret: 'ours',
    account: [
      { key: 'clientId', label: 'OAuth client id' },
      { key: 'clientSecret', label: 'OAuth client secret' },
      { key: 'refreshToken', label: 'Refresh token' },
    ],
    places: [{ key: 'calendarId', label: 'Calendar (empty for the main one)' }],
    steps: [
      'Connect the account; nothing has to be set up in Google.',
      'Events that name a couple (“Wedding: Zoë & Tom”) become couples on that day.',
    ],
  },
  {
    id: 'typeform',
    label: 'Typeform',
    secret: 'ours',
    steps: [
      'In the form, under Connect → Webhooks, add the address.',
      'Edit the webhook, switch the secret on and paste ours.',
    ],
  },
  {
    id: 'jotform',
    label: 'Jotform',
    secret: 'ours',
    hasKeyInAddress: true,
    steps: [
      'In the form, under Settings → Integrations → WebHooks, add the address.',
      'It holds the secret: Jotform cannot sign. Do not share it.',
    ],
  },
  {
    id: 'acuity',
    label: 'Acuity Scheduling',
    secret: 'theirs',
    secretLabel: 'API key',
    account: [
      { key: 'userId', label: 'User id' },
      { key: 'apiKey', label: 'API key' },
    ],
    steps: [
      'Copy user id and API key from Integrations → API.',
      'Under Integrations → Webhooks, add the address for all appointment events.',
      'Connect the account: the webhook itself carries only a number.',
    ],
  },
  {
    id: 'airtable',
    label: 'Airtable',
    secret: 'ours',
    account: [{ key: 'token', label: 'Personal access token' }],
    places: [
      { key: 'baseId', label: 'Base id (app…)' },
      { key: 'tableId', label: 'Table id (tbl…) or name' },
    ],
    steps: [
      'Make a personal access token for the base: data.records:read, schema.bases:read, webhook:manage.',
      'Connect the account; the webhook is made and kept alive for you.',
    ],
  },
  {
    id: 'vsco-workspace',
    label: 'VSCO Workspace (Táve)',
    secret: 'ours',
    hasKeyInAddress: true,
    steps: [
      'Subscribe a REST hook with the address to contact.created, job.created and order.booked.',
      'VSCO tells only what is new: later changes there do not arrive here.',
    ],
  },
  {
    id: 'stripe',
    label: 'Stripe',
    secret: 'theirs',
    secretLabel: 'Signing secret (whsec_…)',
    steps: [
      'In Stripe, under Developers → Webhooks, add the address for checkout.session.completed.',
      'Copy the signing secret. Put your couple’s id into client_reference_id.',
    ],
  },
  {
    id: 'generic',
    label: 'Anything else that sends JSON',
    secret: 'ours',
    steps: [TOKEN_HEADER, 'Signatures by Standard Webhooks, GitHub’s or Stripe’s form are taken as well.'],
  },
];

export const providerWords = (id: string): ProviderWords | undefined =>
  PROVIDER_WORDS.find((provider) => provider.id === id);
