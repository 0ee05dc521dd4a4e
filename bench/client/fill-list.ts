// Puts made-up couples into the list that a page shows, as another device would.
import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import { couples, makeRows } from '../document/couples.ts';
import { load, wedsync } from '../document/layouts.ts';
import { joinMany } from '../relay/peer.ts';

/** Rows per update: well below the relay's limit for a message. */
const SLICE = 1_000;

/** Resolves with the size of the encoded list when all of it is stored. */
export async function fillList(page: Page, url: string, count: number): Promise<number> {
  const room = /\/(l_[A-Za-z0-9_-]+)/.exec(page.url())?.[1];
  const session = await page.evaluate<string>("localStorage.getItem('wedsync-session')");
  const { accessToken } = JSON.parse(session) as { accessToken: string };
  if (room === undefined) throw new Error(`bench: no list in ${page.url()}`);
  const [peer] = await joinMany({ dialect: 'relay', url, pid: 0, token: accessToken }, room, 1);
  if (peer === undefined) throw new Error('bench: nobody joined');
  const list = load(wedsync, Y.encodeStateAsUpdate(new Y.Doc()));
  let send: (update: Uint8Array) => void = () => undefined;
  list.doc.on('update', (update: Uint8Array) => send(update));
  const rows = makeRows(couples, count, 1);
  for (let at = 0; at < rows.length; at += SLICE) {
    const stored = new Promise<void>((done) => {
      peer.onStored = () => done();
    });
    send = (update) => peer.send(update);
    list.import(rows.slice(at, at + SLICE));
    await stored;
  }
  peer.close();
  return Y.encodeStateAsUpdate(list.doc).length;
}
