import 'fake-indexeddb/auto';
import { noteBucketOf, noteDocumentId } from '@wedsync/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createFakeBrowser, type FakeBrowser, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import type { ListSession } from './list-session.ts';
import { replayNote } from './note-text.ts';

vi.setConfig({ testTimeout: 30_000 });

let relay: FakeRelay;
let browser: FakeBrowser;

beforeEach(() => {
  relay = createFakeRelay();
  browser = createFakeBrowser(relay);
});
afterEach(async () => {
  await browser.close();
});

const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 15_000, interval: 5 });
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));
const documentOf = (recordId: string): string => noteDocumentId(LIST_ID, noteBucketOf(recordId));
const atRelay = (recordId: string): string => relay.doc(documentOf(recordId)).getText(recordId).toString();

/** What a text area needs for `bind`, with a person typing into it. */
class FakeTextarea extends EventTarget {
  value = '';
  selectionStart = 0;
  selectionEnd = 0;
  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start;
    this.selectionEnd = end;
  }
  type(text: string): void {
    const { selectionStart, selectionEnd } = this;
    this.value = this.value.slice(0, selectionStart) + text + this.value.slice(selectionEnd);
    this.setSelectionRange(selectionStart + text.length, selectionStart + text.length);
    this.dispatchEvent(new Event('input'));
  }
}
const bindTo = (session: ListSession, recordId: string): FakeTextarea => {
  const area = new FakeTextarea();
  session.notes(recordId).bind(area as unknown as HTMLTextAreaElement);
  return area;
};

describe('notes', () => {
  it('SYNC-1 a note waits like any edit: on this device, then stored', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const note = session.notes('r1');
    await until(() => expect(note.state.value).toBe('ready'));
    relay.holdsReceipts = true;
    note.apply('First dance outside');
    expect(session.status.value).toMatchObject({ waitingRecords: 1, stage: 'saving' });
    await stage(session, 'sending');
    relay.release();
    await stage(session, 'stored');
    expect(atRelay('r1')).toBe('First dance outside');
  });

  it('SYNC-1 counts a note that waits from before an offline reload, although nobody has opened it', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    const note = session.notes('r1');
    await until(() => expect(note.state.value).not.toBe('loading'));
    note.apply('Rain plan');
    await until(() => expect(session.waiting('r1')).toBe('device'));
    await session.close();
    const again = browser.open().session;
    const stages: string[] = [];
    again.status.subscribe(({ stage: name }) => stages.push(name));
    await until(() => expect(again.status.value.waitingRecords).toBe(1));
    expect(stages).not.toContain('stored');
    relay.isDown = false;
    again.retryNow();
    await stage(again, 'stored');
    await until(() => expect(atRelay('r1')).toBe('Rain plan'));
  });

  it('fetches all notes in the background, so that they are there without network', async () => {
    relay.write(documentOf('r1'), (doc) => doc.getText('r1').insert(0, 'By the lake'));
    const { session } = browser.open();
    await stage(session, 'stored');
    await until(() => expect(relay.opened).toBeGreaterThan(16));
    await until(() => expect(relay.sockets()).toBe(1));
    await session.close();
    relay.isDown = true;
    const again = browser.open().session;
    const note = again.notes('r1');
    await until(() => expect(note.text.value).toBe('By the lake'));
    expect(note.state.value).toBe('ready');
  });

  it('serves a note that is open in a tab that does not lead', async () => {
    const [leader, follower] = [browser.open().session, browser.open().session];
    await Promise.all([stage(leader, 'stored'), stage(follower, 'stored')]);
    const note = follower.notes('r1');
    await until(() => expect(note.state.value).toBe('ready'));
    note.apply('From the second tab');
    await until(() => expect(atRelay('r1')).toBe('From the second tab'));
    await stage(follower, 'stored');
    relay.write(documentOf('r1'), (doc) => doc.getText('r1').insert(0, '! '));
    await until(() => expect(note.text.value).toBe('! From the second tab'));
  });

  it('keeps two text areas equal, with the caret in its place', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const note = session.notes('r1');
    await until(() => expect(note.state.value).toBe('ready'));
    const [here, there] = [bindTo(session, 'r1'), bindTo(session, 'r1')];
    here.type('Golden hour');
    expect(there.value).toBe('Golden hour');
    there.setSelectionRange(0, 0);
    there.type('19:40 ');
    expect(here.value).toBe('19:40 Golden hour');
    expect(here.selectionStart).toBe('19:40 Golden hour'.length);
    here.type(' portraits');
    expect(there.value).toBe('19:40 Golden hour portraits');
    expect(there.selectionStart).toBe('19:40 '.length);
  });

  it('writes nothing during a composition and loses neither side of it', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const note = session.notes('r1');
    await until(() => expect(note.state.value).toBe('ready'));
    note.apply('ab');
    const area = bindTo(session, 'r1');
    area.setSelectionRange(1, 1);
    area.dispatchEvent(new Event('compositionstart'));
    area.type('か');
    expect(note.text.value).toBe('ab');
    note.apply('xab');
    expect(area.value).toBe('aかb');
    area.dispatchEvent(new Event('compositionend'));
    expect(note.text.value).toBe('xaかb');
    expect(area.value).toBe('xaかb');
  });

  it('DOC-10 a note is carried over to another lineage, beside what others wrote there', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const note = session.notes('r1');
    await until(() => expect(note.state.value).toBe('ready'));
    note.apply('Old church');
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    note.apply('Old church, side door');
    await until(() => expect(session.waiting('r1')).toBe('device'));
    const restored = new Y.Doc();
    restored.getText('r1').insert(0, 'NB: Old church');
    relay.replace(documentOf('r1'), restored, 'second');
    relay.isDown = false;
    relay.lineage = 'second';
    session.retryNow();
    await until(() => expect(atRelay('r1')).toContain('side door'));
    expect(atRelay('r1')).toContain('NB: ');
    await until(() => expect(note.text.value).toBe(atRelay('r1')));
  });

  it('refuses to replay what is no change of a note', () => {
    const entry = { key: 'k', name: '', recordIds: [], at: 0, intent: { type: 'records', intents: [] } };
    expect(() => replayNote(new Y.Doc(), entry)).toThrow();
  });
});
