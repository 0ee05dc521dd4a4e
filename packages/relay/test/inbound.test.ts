// The way in, from the sender's HTTP request to the open list, on a real relay with its embedded database.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

let relay: RunningRelay;
beforeAll(async () => {
  relay = await startRelay({ env: { DEMO: 'off', WEBHOOK_MAX_BYTES: '4096' } });
});
afterEach(closeDevices);

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const hour = 3_600_000;

async function answerOf(response: Response) {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Bytes and headers as they are, which fetch would not send. */
function rawPost(url: string, headers: Record<string, string>, body: Buffer): Promise<number> {
  return new Promise((done, fail) => {
    const sent = request(
      url,
      { method: 'POST', headers: { ...headers, 'content-length': body.length } },
      (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode ?? 0));
      },
    );
    sent.on('error', fail);
    sent.end(body);
  });
}

describe('webhook to open list', () => {
  it('HOOK-1 HOOK-9 the four events change the open list, and each is in the audit log without a value', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    expect(
      (
        await studio.send({
          type: 'client.created',
          changes: { names: ['Zoë Berg', 'Tom Fry'], weddingDate: '2027-06-12' },
        })
      ).status,
    ).toBe(202);
    await until(() => device.couple('c1') !== undefined);
    expect(device.couple('c1')?.values).toMatchObject({
      firstName: 'Zoë',
      lastName: 'Berg',
      partnerFirstName: 'Tom',
      weddingDate: '2027-06-12',
    });
    await studio.send({ type: 'client.updated', changes: { status: 'booked', notes: 'Deposit paid.' } });
    await until(() => device.couple('c1')?.values.status === 'booked');
    expect(device.couple('c1')?.values[`note:${studio.source.id}`]).toBe('Deposit paid.');
    const previous = '2027-06-12';
    await studio.send({ type: 'wedding.date_changed', changes: { weddingDate: '2027-06-19', previous } });
    await until(() => device.couple('c1')?.values.weddingDate === '2027-06-19');
    expect(device.couple('c1')?.conflicts).toEqual({});
    await studio.send({ type: 'client.deleted' });
    await until(() => device.couple('c1')?.state === 'trashed');

    const rows = (await relay.api(
      relay.adminToken,
      'GET',
      `/api/admin/audit?source=${studio.source.id}`,
    )) as {
      outcome: string;
      actor: string;
      recordId: string | null;
      fields: string[];
    }[];
    const applied = rows.filter(({ outcome }) => outcome === 'applied');
    expect(applied).toHaveLength(4);
    expect(rows.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(4);
    for (const row of applied)
      expect(row).toMatchObject({ actor: `source:${studio.source.id}`, recordId: studio.recordId('c1') });
    expect(applied.flatMap(({ fields }) => fields)).toEqual(
      expect.arrayContaining(['firstName', 'status', 'weddingDate']),
    );
    expect(JSON.stringify(rows)).not.toMatch(/Zoë|Deposit|2027-06/);
    expect(relay.output()).not.toMatch(/Zoë|Deposit/);
  });

  it('HOOK-2 the same event again, in parallel and later, changes nothing', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    await studio.send({
      type: 'client.created',
      id: 'msg_1',
      timestamp: ago(hour),
      changes: { names: ['A B', 'C D'], status: 'enquiry' },
    });
    await until(() => device.couple('c1') !== undefined);
    const repeat = {
      type: 'client.updated',
      id: 'msg_2',
      changes: { status: 'booked' },
      timestamp: ago(1000),
    };
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => answerOf(await studio.send(repeat))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    await until(() => device.couple('c1')?.values.status === 'booked');
    device.writer.set(studio.recordId('c1'), { status: 'completed' });
    expect(await answerOf(await studio.send(repeat))).toMatchObject({ body: { duplicate: true } });
    await studio.applied();
    const [last, ...others] = await studio.deliveries();
    expect(last).toMatchObject({ state: 'applied', event: 'client.updated', duplicates: 100 });
    expect(others).toHaveLength(1);
    expect(device.couple('c1')).toMatchObject({ values: { status: 'completed' }, conflicts: {} });
  });
});

describe('DOC-R9 an event and what people wrote', () => {
  it('an older event becomes the losing value of a visible conflict', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    await studio.send({
      type: 'client.created',
      timestamp: ago(3 * hour),
      changes: { names: ['A B', 'C D'] },
    });
    await until(() => device.couple('c1') !== undefined);
    device.writer.set(studio.recordId('c1'), { weddingDate: '2027-06-12' });
    await until(async () => (await studio.cache()).some((row) => row.wedding_date === '2027-06-12'));
    await studio.send({
      type: 'wedding.date_changed',
      timestamp: ago(hour),
      changes: { weddingDate: '2027-06-19' },
    });
    await until(() => device.couple('c1')?.conflicts.weddingDate !== undefined);
    expect(device.couple('c1')?.values.weddingDate).toBe('2027-06-12');
    expect(device.couple('c1')?.conflicts.weddingDate?.map(({ value }) => value)).toEqual([
      '2027-06-12',
      '2027-06-19',
    ]);
  });

  it("a newer event shows at once, and a person's edit from offline stays beside it", async () => {
    const studio = await createStudio(relay);
    const device = await studio.open({ now: () => Date.now() - 60_000 });
    await studio.send({
      type: 'client.created',
      timestamp: ago(3 * hour),
      changes: { names: ['A B', 'C D'], weddingDate: '2027-05-01' },
    });
    await until(() => device.couple('c1') !== undefined);
    device.goOffline();
    device.writer.set(studio.recordId('c1'), { weddingDate: '2027-06-12' });
    await studio.send({
      type: 'wedding.date_changed',
      changes: { weddingDate: '2027-06-19', previous: '2027-05-01' },
    });
    await studio.applied();
    await device.goOnline();
    await until(() => device.couple('c1')?.conflicts.weddingDate !== undefined);
    const values = device.couple('c1')?.conflicts.weddingDate?.map(({ value }) => value);
    expect(values).toEqual(['2027-06-19', '2027-06-12']);
    await until(async () => (await studio.cache()).some((row) => row.conflict));
  });

  it('an event that names the value it replaces leaves no conflict', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open({ now: () => Date.now() - 60_000 });
    await studio.send({
      type: 'client.created',
      timestamp: ago(3 * hour),
      changes: { names: ['A B', 'C D'] },
    });
    await until(() => device.couple('c1') !== undefined);
    device.writer.set(studio.recordId('c1'), { weddingDate: '2027-06-12' });
    await until(async () => (await studio.cache()).some((row) => row.wedding_date === '2027-06-12'));
    await studio.send({
      type: 'wedding.date_changed',
      changes: { weddingDate: '2027-06-19' },
      previous: { weddingDate: '2027-06-12' },
    });
    await until(() => device.couple('c1')?.values.weddingDate === '2027-06-19');
    expect(device.couple('c1')?.conflicts).toEqual({});
  });

  it('what was stored longer ago than the settle window is overwritten, what is newer is not', async () => {
    const studio = await createStudio(relay, { settleHours: 0 });
    const device = await studio.open({ now: () => Date.now() - 2 * hour });
    await studio.send({
      type: 'client.created',
      timestamp: ago(3 * hour),
      changes: { names: ['A B', 'C D'] },
    });
    await until(() => device.couple('c1') !== undefined);
    device.writer.set(studio.recordId('c1'), { venue: 'Old hall', email: 'a@example.com' });
    await until(async () => (await studio.cache()).some((row) => row.venue === 'Old hall'));
    await studio.send({ type: 'client.updated', changes: { venue: 'New hall' } });
    await until(() => device.couple('c1')?.values.venue === 'New hall');
    expect(device.couple('c1')?.conflicts).toEqual({});
    await studio.send({ type: 'client.updated', timestamp: ago(hour), changes: { email: 'b@example.com' } });
    await until(() => device.couple('c1')?.conflicts.email !== undefined);
  });

  it('HOOK-3 late, future, partial and placeholder events neither win later, revive, nor empty a field', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const future = new Date(Date.now() + 5 * 365 * 24 * hour).toISOString();
    await studio.send({
      type: 'client.created',
      changes: { names: ['A B', 'C D'], venue: 'Hall', email: 'a@example.com' },
      timestamp: ago(2 * hour),
    });
    await studio.send({ type: 'client.updated', changes: { status: 'proposal' }, timestamp: future });
    await studio.applied();
    await studio.send({ type: 'client.updated', changes: { status: 'booked' } });
    await studio.send({ type: 'client.updated', changes: { status: 'lost' }, timestamp: ago(hour) });
    await studio.send({
      type: 'client.updated',
      changes: { venue: '', email: null, phone: 'TBD', price: '#ERROR!' },
    });
    await studio.applied();
    await until(() => device.couple('c1')?.values.status === 'booked');
    expect(device.couple('c1')?.values).toMatchObject({ venue: 'Hall', email: 'a@example.com' });
    expect(device.couple('c1')?.values.phone).toBeUndefined();

    await studio.send({ type: 'client.deleted' });
    await studio.applied();
    await studio.send({ type: 'client.updated', changes: { venue: 'Late' }, timestamp: ago(hour / 2) });
    await studio.applied();
    await until(() => device.couple('c1')?.state === 'trashed');
    expect((await studio.deliveries())[0]).toMatchObject({
      state: 'ignored',
      reason: expect.stringContaining('deleted'),
    });

    await studio.send({ type: 'client.deleted', clientId: 'never-seen', timestamp: ago(hour) });
    await studio.send({
      type: 'client.created',
      clientId: 'never-seen',
      changes: { names: ['E F'] },
      timestamp: ago(2 * hour),
    });
    await studio.applied();
    expect([...device.index.ids()]).toEqual([]);
  });

  it('DOC-R14 an event newer than a deletion by a person brings the couple back, flagged', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    await studio.send({ type: 'client.created', changes: { names: ['A B', 'C D'], venue: 'Hall' } });
    await until(() => device.couple('c1') !== undefined);
    device.writer.delete([studio.recordId('c1')]);
    await until(async () => (await studio.cache()).some((row) => row.deleted_at !== null));
    await studio.send({ type: 'client.updated', changes: { status: 'booked' } });
    await until(() => device.couple('c1')?.state === 'edit-delete');
    expect(device.couple('c1')?.values).toMatchObject({ firstName: 'A', venue: 'Hall', status: 'booked' });
  });
});

describe('gateway', () => {
  it('HOOK-1 unknown source, wrong secret, other source and changed body get one and the same answer', async () => {
    const [studio, other] = [await createStudio(relay), await createStudio(relay)];
    const body = JSON.stringify({
      type: 'client.created',
      data: { clientId: 'c1', changes: { venue: 'X' } },
    });
    const foreign = await studio.sendBody(body, { secret: other.source.secret });
    const unknown = await fetch(`${relay.url}/webhooks/src_${'A'.repeat(22)}`, { method: 'POST', body });
    const nonsense = await fetch(`${relay.url}/webhooks/nonsense`, { method: 'POST', body });
    const unsigned = await fetch(studio.source.url, { method: 'POST', body });
    const answers = await Promise.all([foreign, unknown, nonsense, unsigned].map(answerOf));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({
      status: 401,
      body: { error: { code: 'bad-signature', retryable: false } },
    });
    expect(await studio.deliveries()).toEqual([]);
    await until(async () => {
      const path = `/api/admin/audit?source=${studio.source.id}`;
      const rows = (await relay.api(relay.adminToken, 'GET', path)) as { outcome: string; count: number }[];
      return rows.filter(({ outcome }) => outcome === 'refused').length >= 2;
    });
  });

  it('HOOK-1 no bytes and no headers cause a 500', async () => {
    const studio = await createStudio(relay);
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"__proto__":{"a":1}}',
      `${'['.repeat(2000)}`,
      '\uFEFF{}',
      '\0\0',
      '{"type":{}}',
      '{"type":"client.created","data":{"clientId":{}}}',
      '{"type":"client.created","data":null}',
      `{"type":"client.updated","data":{"clientId":"\\u0000","changes":{"venue":"x"}}}`,
      `{"type":"client.updated","data":{"clientId":"\\ud800","changes":{"venue":"\\ud800 \\u0000 y","x:\\ud800":1}}}`,
    ];
    const bytes = [...bodies.map((text) => Buffer.from(text)), Buffer.from([0xff, 0xfe, 0xc3, 0x28])];
    for (const body of bytes) {
      const response = await studio.sendBody(new Uint8Array(body));
      expect(response.status, body.toString('latin1').slice(0, 40)).toBe(202);
    }
    const kinds: Record<string, string>[] = [
      {},
      { 'content-type': '' },
      { 'content-type': 'nonsense' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data' },
      { 'content-encoding': 'gzip' },
      {
        'webhook-id': 'x'.repeat(4000),
        'webhook-timestamp': '9'.repeat(500),
        'webhook-signature': 'v1,'.repeat(500),
      },
      { 'webhook-id': '\u00ff', 'webhook-timestamp': 'NaN', 'webhook-signature': 'v1,\u00e9' },
    ];
    for (const headers of kinds)
      for (const body of bytes) expect(await rawPost(studio.source.url, headers, body)).toBeLessThan(500);
    await studio.applied();
    expect((await fetch(`${relay.url}/health/live`)).status).toBe(200);
  });

  it('a body of the limit passes, one byte more is 413', async () => {
    const studio = await createStudio(relay);
    const fill = (bytes: number) => {
      const body = { type: 'client.updated', data: { clientId: 'c1', changes: { notes: '' } } };
      const empty = JSON.stringify(body).length;
      body.data.changes.notes = 'x'.repeat(bytes - empty);
      return JSON.stringify(body);
    };
    expect((await studio.sendBody(fill(4096))).status).toBe(202);
    const answer = await answerOf(await studio.sendBody(fill(4097)));
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too-large' } } });
  });

  it('HOOK-4 a signed event that is not understood is kept with its reason, and can be tried again', async () => {
    const studio = await createStudio(relay);
    expect((await studio.sendBody('{"type":"invoice.paid"}')).status).toBe(202);
    expect((await studio.sendBody('not json')).status).toBe(202);
    expect(
      (await studio.send({ type: 'wedding.date_changed', changes: { weddingDate: '31 February' } })).status,
    ).toBe(202);
    const kept = await studio.deliveries();
    expect(kept.map(({ state }) => state)).toEqual(['quarantined', 'quarantined', 'quarantined']);
    expect(kept.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('weddingDate'),
      expect.stringContaining('could not be read'),
      expect.stringContaining('do not know this kind'),
    ]);
    await relay.api(studio.token, 'POST', `/api/deliveries/${kept[0]?.id}/replay`);
    await studio.applied();
    expect((await studio.deliveries())[0]).toMatchObject({ id: kept[0]?.id, state: 'quarantined' });
  });

  it('the form with the signature in the body works for sources that opted in, and for no others', async () => {
    const studio = await createStudio(relay, { bodySignature: true });
    const device = await studio.open();
    const sign = (blanked: string) => {
      const key = Buffer.from(studio.source.secret.slice('whsec_'.length), 'base64');
      return blanked.replace(
        '"signature":""',
        `"signature":"${createHmac('sha256', key).update(blanked).digest('hex')}"`,
      );
    };
    const blanked = JSON.stringify({
      event: 'client.created',
      timestamp: ago(1000),
      signature: '',
      data: { clientId: 'c1', changes: { names: ['A B'] } },
    });
    const post = (target: Studio) => fetch(target.source.url, { method: 'POST', body: sign(blanked) });
    const first = await answerOf(await post(studio));
    expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
    // Without an event id the same body within ten minutes is the same event.
    expect(await answerOf(await post(studio))).toMatchObject({
      status: 202,
      body: { duplicate: true, id: first.body.id },
    });
    await until(() => device.couple('c1')?.values.firstName === 'A');
    expect((await post(await createStudio(relay))).status).toBe(401);
  });
});

describe('sources', () => {
  it('HOOK-1 both secrets work during a rotation, the oldest no more after a second one', async () => {
    const studio = await createStudio(relay);
    const rotate = async () =>
      (
        (await relay.api(studio.token, 'POST', `/api/sources/${studio.source.id}/rotate`)) as {
          secret: string;
        }
      ).secret;
    const second = await rotate();
    const event = { type: 'client.updated', changes: { status: 'booked' } };
    for (const secret of [studio.source.secret, second])
      expect((await studio.send(event, secret)).status).toBe(202);
    const third = await rotate();
    expect((await studio.send(event, studio.source.secret)).status).toBe(401);
    for (const secret of [second, third]) expect((await studio.send(event, secret)).status).toBe(202);
  });

  it('a paused source accepts and holds, a resumed one applies what was held, a deleted one is unknown', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const change = (verb: string) =>
      relay.api(studio.token, 'POST', `/api/sources/${studio.source.id}/${verb}`);
    await change('pause');
    expect((await studio.send({ type: 'client.created', changes: { names: ['A B'] } })).status).toBe(202);
    expect(await studio.deliveries()).toMatchObject([{ state: 'waiting' }]);
    await change('resume');
    await until(() => device.couple('c1') !== undefined);
    await relay.api(studio.token, 'DELETE', `/api/sources/${studio.source.id}`);
    expect((await studio.send({ type: 'client.deleted' })).status).toBe(401);
    expect(device.couple('c1')?.state).toBe('alive');
  });

  it('only owners and editors see or change them, and a secret is shown once', async () => {
    const studio = await createStudio(relay);
    const stranger = await relay.token({ email: 'stranger@example.com' });
    for (const [method, path] of [
      ['GET', `/api/lists/${studio.listId}/sources`],
      ['POST', `/api/sources/${studio.source.id}/rotate`],
      ['POST', `/api/sources/${studio.source.id}/pause`],
      ['DELETE', `/api/sources/${studio.source.id}`],
      ['GET', `/api/sources/${studio.source.id}/deliveries`],
      ['GET', `/api/sources/${studio.source.id}/sample`],
      ['GET', `/api/lists/${studio.listId}/history/r1`],
    ] as const)
      await expect(relay.api(stranger, method, path), path).rejects.toThrow(/404/);
    const listed = await relay.api(studio.token, 'GET', `/api/lists/${studio.listId}/sources`);
    expect(listed).toMatchObject({ sources: [{ id: studio.source.id, state: 'active', settleHours: 24 }] });
    expect(JSON.stringify(listed)).not.toContain('whsec_');
  });

  it('the sample is a command that works as it stands', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const { command, event } = (await relay.api(
      studio.token,
      'GET',
      `/api/sources/${studio.source.id}/sample`,
    )) as {
      command: string;
      event: string;
    };
    expect(event).toBe('client.created');
    const words = command.match(/'[^']*'/g)?.map((word) => word.slice(1, -1)) ?? [];
    const headers = words.slice(1, -1).map((line) => line.split(': ') as [string, string]);
    const response = await fetch(words[0] ?? '', { method: 'POST', headers, body: words.at(-1) ?? '' });
    expect(response.status).toBe(202);
    await until(() => device.couple('sample-1')?.values.firstName === 'Zoë');
  });

  it('the history of a couple says what, who and when, field by field', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    await studio.send({ type: 'client.created', changes: { names: ['A B'], venue: 'Hall' } });
    await until(() => device.couple('c1') !== undefined);
    device.writer.set(studio.recordId('c1'), { venue: 'Barn' });
    const read = async () =>
      (
        (await relay.api(
          studio.token,
          'GET',
          `/api/lists/${studio.listId}/history/${studio.recordId('c1')}`,
        )) as {
          history: {
            field: string;
            value: unknown;
            replacedAt?: number;
            by: { kind: string; name?: string };
          }[];
        }
      ).history.filter(({ field }) => field === 'venue');
    await until(async () => (await read()).length === 2);
    const [barn, hall] = await read();
    expect(barn).toMatchObject({ value: 'Barn', by: { kind: 'person' } });
    expect(barn?.replacedAt).toBeUndefined();
    expect(hall).toMatchObject({
      value: 'Hall',
      by: { kind: 'source', name: 'CRM' },
      replacedAt: expect.any(Number),
    });
  });
});
