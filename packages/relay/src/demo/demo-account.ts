// The demo account of the embedded default: made at the first start, with a list of invented couples.
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
  type Fields,
  randomRecordId,
} from '@wedsync/shared';
import * as Y from 'yjs';
import type { Accounts } from '../accounts.ts';

export interface DemoAccount {
  readonly email: string;
  readonly password: string;
}

export interface DemoOptions {
  readonly dataDir: string;
  readonly accounts: Pick<Accounts, 'findUser' | 'signUp' | 'listsOf' | 'createList'>;
  /** The newest sequence of a document. */
  readonly headOf: (documentId: string) => Promise<number>;
  /** Stores an update of the relay's own. */
  readonly append: (documentId: string, update: Uint8Array) => Promise<void>;
  readonly couples: (now: number) => readonly Fields[];
  readonly now: () => number;
}

const EMAIL = 'demo@wedsync.example';
export const DEMO_LIST_NAME = 'Demo couples';

/**
 * Makes what is missing of the demo account and its list; may be cut off anywhere and called again. The password is
 * random, kept beside the data, and told to everybody who can open the app: it guards nothing.
 */
export async function createDemo(options: DemoOptions): Promise<DemoAccount> {
  const account = readOrMakeAccount(join(options.dataDir, 'demo.json'));
  const { accounts } = options;
  const userId =
    (await accounts.findUser(account.email)) ?? (await accounts.signUp(account.email, account.password));
  const known = (await accounts.listsOf(userId)).find(({ name }) => name === DEMO_LIST_NAME);
  const { id } = known ?? (await accounts.createList(DEMO_LIST_NAME, { userId, email: account.email }));
  if ((await options.headOf(id)) === 0)
    await options.append(id, firstUpdate(options.couples(options.now()), options.now));
  return account;
}

/** Before the account: a password that was not written down would be lost with a crash. */
function readOrMakeAccount(path: string): DemoAccount {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoAccount;
  const account = { email: EMAIL, password: randomBytes(9).toString('base64url') };
  writeFileSync(`${path}.new`, JSON.stringify(account), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return account;
}

/** A list document with these couples, as one update. */
export function firstUpdate(couples: readonly Fields[], now: () => number): Uint8Array {
  const doc = createListDoc();
  const index = createListIndex(doc);
  const writer = createWriter({ doc, index, clock: createClock({ now, actor: randomInt(2 ** 31) }) });
  writer.createMany(couples.map((fields) => ({ id: randomRecordId(), fields })));
  return Y.encodeStateAsUpdate(doc);
}
