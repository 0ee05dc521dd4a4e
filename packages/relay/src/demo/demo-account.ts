// The demo account of the embedded default: made at the first start, with a list of invented couples.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '@wedsync/shared';
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
  /** Writes couples that are not there yet. */
  readonly fill: (
    listId: string,
    couples: readonly { readonly id: string; readonly fields: Fields }[],
  ) => Promise<void>;
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
  // The list's own first record is one row; the couples come with the second.
  if ((await options.headOf(id)) < 2)
    await options.fill(
      id,
      options.couples(options.now()).map((fields, at) => ({ id: `demo-${at + 1}`, fields })),
    );
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
