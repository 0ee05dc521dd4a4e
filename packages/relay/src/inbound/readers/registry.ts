// Which providers can be read, and by what.
import { acuityReader } from './acuity-reader.ts';
import { airtableReader } from './airtable-reader.ts';
import { googleReader } from './google-reader.ts';
import { hubspotReader } from './hubspot-reader.ts';
import type { Reader } from './reader.ts';

const READERS: Readonly<Record<string, Reader>> = Object.freeze({
  hubspot: hubspotReader,
  acuity: acuityReader,
  airtable: airtableReader,
  'google-calendar': googleReader,
});

export function readerOf(provider: string): Reader | undefined {
  return Object.hasOwn(READERS, provider) ? READERS[provider] : undefined;
}
