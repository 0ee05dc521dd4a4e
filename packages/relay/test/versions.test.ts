// Versions of a list on a real relay: kept by name and daily, restored as an edit that every device gets.
import { randomUUID } from 'node:crypto';
import type { RestoreCounts, RestoreResponse, Version } from '@wedsync/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinList } from './helpers/join-list.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

let relay: RunningRelay;
let studio: Studio;

beforeAll(async () => {
  relay = await startRelay({ env: { DEMO: 'off' } });
  studio = await createStudio(relay);
});
afterAll(closeDevices);

const path = (rest = '') => `/api/lists/${studio.listId}/versions${rest}`;
const versions = async () =>
  ((await relay.api(studio.token, 'GET', path())) as { versions: Version[] }).versions;
const keep = async (name: string) => (await relay.api(studio.token, 'POST', path(), { name })) as Version;

describe('RELAY-9 versions', () => {
  it('a list is brought back to a named version on all devices, and the restore can be taken back', async () => {
    const [here, there] = [await studio.open(), await studio.open()];
    here.writer.create({ firstName: 'Maya', venue: 'Hall' }, { id: 'r1' });
    here.writer.create({ firstName: 'Nora' }, { id: 'r2' });
    await until(() => [...there.index.ids()].length === 2);
    // The database has it once the read model shows it.
    await until(async () => (await studio.cache()).length === 2);
    const version = await keep('Before the season');
    expect(version).toMatchObject({ kind: 'named', name: 'Before the season', records: 2 });

    here.writer.set('r1', { venue: 'Barn' });
    here.writer.delete(['r2']);
    here.writer.create({ firstName: 'Zoe' }, { id: 'r3' });
    await until(async () => (await studio.cache()).some((row) => row.record_id === 'r3'));
    const expected = { changed: 1, broughtBack: 1, removed: 1, leftOut: 0 };
    const difference = await relay.api(studio.token, 'GET', path(`/${version.id}/difference`));
    expect(difference as RestoreCounts).toEqual(expected);
    const restored = (await relay.api(
      studio.token,
      'POST',
      path(`/${version.id}/restore`),
    )) as RestoreResponse;
    expect(restored).toMatchObject(expected);
    for (const device of [here, there]) {
      await until(() => device.index.get('r1')?.values.venue === 'Hall');
      await until(() => [...device.index.ids()].sort().join() === 'r1,r2');
    }
    await until(
      async () => (await studio.cache()).find((row) => row.record_id === 'r3')?.deleted_at !== null,
    );

    await relay.api(studio.token, 'POST', path(`/${restored.undoVersionId}/restore`));
    await until(() => there.index.get('r1')?.values.venue === 'Barn');
    await until(() => [...there.index.ids()].sort().join() === 'r1,r3');
    expect((await versions()).map(({ kind }) => kind)).toEqual(['restore', 'restore', 'named']);
  });

  it('the history names the person who restored, what was replaced, and when', async () => {
    type Entry = {
      field: string;
      value: unknown;
      by: { kind: string };
      storedAt: number;
      replacedAt?: number;
    };
    const venues = async () =>
      (
        (await relay.api(studio.token, 'GET', `/api/lists/${studio.listId}/history/r1`)) as {
          history: Entry[];
        }
      ).history.filter(({ field }) => field === 'venue');
    await until(async () => (await venues()).length === 4);
    const [barnAgain, hallAgain, barn, hall] = await venues();
    expect([barnAgain, hallAgain, barn, hall].map((entry) => [entry?.value, entry?.by.kind])).toEqual([
      ['Barn', 'person'],
      ['Hall', 'person'],
      ['Barn', 'person'],
      ['Hall', 'person'],
    ]);
    expect(barnAgain?.replacedAt).toBeUndefined();
    expect(hallAgain?.replacedAt).toBe(barnAgain?.storedAt);
    expect(barn?.replacedAt).toBe(hallAgain?.storedAt);
  });

  it('strangers learn nothing, and what is not a version is not found', async () => {
    const stranger = await relay.token({ email: `${randomUUID()}@example.com` });
    const [{ id } = { id: '' }] = await versions();
    for (const [token, method, rest, status] of [
      [stranger, 'GET', '', 404],
      [stranger, 'POST', `/${id}/restore`, 404],
      [studio.token, 'POST', '/999999/restore', 404],
      [studio.token, 'POST', '/x/restore', 404],
      [studio.token, 'GET', '/1;drop/difference', 404],
      [studio.token, 'DELETE', '/999999', 404],
    ] as const)
      await expect(relay.api(token, method, path(rest))).rejects.toThrow(`→ ${status}`);
    await expect(relay.api(studio.token, 'POST', path(), { name: '  ' })).rejects.toThrow('→ 400');
  });

  it('its owner removes a version', async () => {
    const { id } = await keep('Not needed');
    await relay.api(studio.token, 'DELETE', path(`/${id}`));
    expect((await versions()).some((version) => version.id === id)).toBe(false);
  });

  it('AUTH-1 a viewer sees versions, but makes, restores and removes none by REST; an editor removes none', async () => {
    const other = await createStudio(relay);
    const [viewer, editor] = [await joinList(relay, other, 'viewer'), await joinList(relay, other, 'editor')];
    const device = await other.open();
    const pathOf = (rest = '') => `/api/lists/${other.listId}/versions${rest}`;
    device.writer.create({ firstName: 'Maya', venue: 'Hall' }, { id: 'r1' });
    await until(async () => (await other.cache()).length === 1);
    const { id } = (await relay.api(editor, 'POST', pathOf(), { name: 'Before' })) as Version;
    device.writer.set('r1', { venue: 'Barn' });
    await until(async () => (await other.cache())[0]?.fields.venue === 'Barn');
    const state = async () => [await relay.api(other.token, 'GET', pathOf()), await other.cache()];
    const before = await state();

    const difference = { changed: 1, broughtBack: 0, removed: 0, leftOut: 0 };
    expect(await relay.api(viewer, 'GET', pathOf())).toEqual(before[0]);
    expect(await relay.api(viewer, 'GET', pathOf(`/${id}/difference`))).toEqual(difference);
    for (const [token, method, rest, body] of [
      [viewer, 'POST', '', { name: 'Mine' }],
      [viewer, 'POST', `/${id}/restore`],
      [viewer, 'DELETE', `/${id}`],
      [editor, 'DELETE', `/${id}`],
    ] as const)
      await expect(relay.api(token, method, pathOf(rest), body)).rejects.toThrow(/→ 403 .*"forbidden"/);
    expect(await state()).toEqual(before);
    // The same wishes of who may are carried out.
    expect(await relay.api(editor, 'POST', pathOf(`/${id}/restore`))).toMatchObject(difference);
    await relay.api(other.token, 'DELETE', pathOf(`/${id}`));
  });
});
