// Two systems that know one couple by ids of their own: found, merged by a person, and from then on one couple, on a
// real relay.
import { createMatchIndex, planMerge, type SourceWithSecret } from '@wedsync/shared';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Device, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

let relay: RunningRelay;
beforeAll(async () => {
  relay = await startRelay({ env: { DEMO: 'off' } });
});
afterEach(closeDevices);

const couple = { names: ['Inès Marlow', 'Kai Brandt'], weddingDate: '2027-08-07' };

/** The studio's CRM and a booking form beside it. */
async function createTwoSources(): Promise<{ crm: Studio; form: Studio; device: Device }> {
  const crm = await createStudio(relay);
  const path = `/api/lists/${crm.listId}/sources`;
  const source = await relay.api(crm.token, 'POST', path, { name: 'Booking form', provider: 'standard' });
  return { crm, form: crm.with(source as SourceWithSecret), device: await crm.open() };
}

function pairsOf({ index }: Device): string[][] {
  const matches = createMatchIndex();
  for (const id of index.ids()) matches.place(id, index.get(id)?.values);
  return matches.pairs().map(({ ids }) => [...ids].sort());
}

function merge({ index, writer }: Device, goesId: string, staysId: string): void {
  const [goes, stays] = [index.get(goesId), index.get(staysId)];
  if (goes === undefined || stays === undefined) throw new Error('there is no such couple');
  writer.set(staysId, planMerge(stays.values, goes.values).moves);
  writer.mergeInto(goesId, staysId);
}

/** What the relay's own copy shows, through the read model: it has the merge once the other one is deleted there. */
const isMergedThere = (studio: Studio, goesId: string) => async () =>
  (await studio.cache()).some((row) => row.record_id === goesId && row.deleted_at !== null);

describe('HOOK-7 one couple from two sources', () => {
  it('is found, merged, and the next event under the merged id changes the couple that stayed', async () => {
    const { crm, form, device } = await createTwoSources();
    await crm.send({ type: 'client.created', changes: { ...couple, email: 'ines@example.com' } });
    await until(() => device.couple('c1') !== undefined);
    await form.send({
      type: 'client.created',
      clientId: 'f1',
      changes: { names: ['Ines Marlow', 'Kai Brandt'], email: 'INES@example.com', phone: '+44 20 7946 0018' },
    });
    const [stays, goes] = [crm.recordId('c1'), form.recordId('f1')];
    await until(() => device.index.get(goes) !== undefined);
    expect(pairsOf(device)).toEqual([[stays, goes].sort()]);

    merge(device, goes, stays);
    await until(isMergedThere(crm, goes));
    expect(pairsOf(device)).toEqual([]);
    await form.send({ type: 'client.updated', clientId: 'f1', changes: { venue: 'Mill House' } });
    await until(() => device.index.get(stays)?.values.venue === 'Mill House');
    await form.send({ type: 'client.updated', clientId: 'f1', changes: { venue: 'Old Barn' } });
    await until(() => device.index.get(stays)?.values.venue === 'Old Barn');
    await crm.send({ type: 'client.updated', changes: { status: 'booked' } });
    await until(() => device.index.get(stays)?.values.status === 'booked');
    const { values, conflicts } = device.index.get(stays) ?? {};
    expect(values).toMatchObject({ phone: '+44 20 7946 0018', email: 'ines@example.com' });
    expect(values).toMatchObject({ [`ext:${crm.source.id}`]: 'c1', [`ext:${form.source.id}`]: 'f1' });
    expect(conflicts).toEqual({});
    expect(device.index.get(goes)).toMatchObject({ state: 'trashed', values: { mergedInto: stays } });
    expect((await form.deliveries()).map(({ recordId }) => recordId)).toEqual([stays, stays, goes]);
  });

  it('goes on apart when the merge is taken back', async () => {
    const { crm, form, device } = await createTwoSources();
    await crm.send({ type: 'client.created', changes: couple });
    await form.send({ type: 'client.created', clientId: 'f1', changes: couple });
    const [stays, goes] = [crm.recordId('c1'), form.recordId('f1')];
    await until(() => pairsOf(device).length === 1);
    const merged = device.writer.mergeInto(goes, stays);
    await until(isMergedThere(crm, goes));
    await form.send({ type: 'client.updated', clientId: 'f1', changes: { venue: 'Mill House' } });
    await until(() => device.index.get(stays)?.values.venue === 'Mill House');

    expect(device.writer.undo(merged).ok).toBe(true);
    await until(async () => !(await isMergedThere(crm, goes)()));
    await form.send({ type: 'client.updated', clientId: 'f1', changes: { venue: 'Old Barn' } });
    await until(() => device.index.get(goes)?.values.venue === 'Old Barn');
    expect(device.index.get(stays)?.values.venue).toBe('Mill House');
  });

  it('stays when a source deletes its own copy', async () => {
    const { crm, form, device } = await createTwoSources();
    await crm.send({ type: 'client.created', changes: couple });
    await form.send({ type: 'client.created', clientId: 'f1', changes: couple });
    const [stays, goes] = [crm.recordId('c1'), form.recordId('f1')];
    await until(() => pairsOf(device).length === 1);
    device.writer.mergeInto(goes, stays);
    await until(isMergedThere(crm, goes));
    await form.send({ type: 'client.deleted', clientId: 'f1' });
    await form.applied();
    expect(device.index.get(stays)?.state).toBe('alive');
    expect(device.index.get(goes)).toMatchObject({ state: 'trashed', values: { mergedInto: stays } });
  });
});
