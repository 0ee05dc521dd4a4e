// The chain over the audit log: every row gets a link made with the relay's key over its content and the link before,
// so that a row that was changed, taken away or put in between shows. Rows are linked a few seconds after they came.
import { createHmac, hkdfSync } from 'node:crypto';
import { callJson, type Rpc } from '../store/rpc.ts';

export interface Head {
  readonly n: number;
  readonly mac: string;
}

/** A row as the database hands it out to be linked. */
type Unlinked = readonly [auditId: number, content: string, actor: string];

export interface Link extends Head {
  readonly auditId: number;
  readonly contentMac: string;
  readonly actorMac: string;
}

/** Makes what links consist of; the same on every relay with the same encryption key. */
export interface LinkMaker {
  contentMac(content: string): string;
  actorMac(auditId: number, actor: string): string;
  linkMac(before: string, link: Omit<Link, 'mac'>): string;
}

export function createLinkMaker(encryptionKey: string): LinkMaker {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'wedsync audit chain', 32));
  const macOf = (...parts: readonly (string | number)[]): string =>
    createHmac('sha256', key).update(parts.join('\n')).digest('base64url');
  return {
    contentMac: (content) => macOf('content', content),
    actorMac: (auditId, actor) => macOf('actor', auditId, actor),
    linkMac: (before, { n, auditId, contentMac, actorMac }) =>
      macOf('link', before, n, auditId, contentMac, actorMac),
  };
}

/** Where a relay remembers the last link that it saw, outside of the database. */
export interface HeadMemory {
  read(): Head | undefined;
  write(head: Head): void;
}

export interface SealOptions {
  readonly rpc: Rpc;
  readonly maker: LinkMaker;
  readonly memory: HeadMemory;
}

const SEAL_ROWS = 500;

function linkAll(maker: LinkMaker, head: Head, rows: readonly Unlinked[]): Link[] {
  let { n, mac } = head;
  return rows.map(([auditId, content, actor]) => {
    n += 1;
    const parts = {
      n,
      auditId,
      contentMac: maker.contentMac(content),
      actorMac: maker.actorMac(auditId, actor),
    };
    mac = maker.linkMac(mac, parts);
    return { ...parts, mac };
  });
}

/** Links one batch; whether there may be more. Rejects when the database is away. */
export async function sealBatch({ rpc, maker, memory }: SealOptions): Promise<boolean> {
  const known = memory.read();
  const answer = await callJson<Head & { knownMac: string; rows: Unlinked[] }>(rpc, 'ws_audit_unsealed', {
    p_known: String(known?.n ?? 0),
    p_limit: String(SEAL_ROWS),
  });
  const { rows } = answer;
  // What is remembered and is not there any more stays remembered: forgetting it would hide that the end was cut off.
  const isWhole = known === undefined || known.mac === answer.knownMac;
  const remember = ({ n, mac }: Head): void => {
    if (isWhole && n > (known?.n ?? 0)) memory.write({ n, mac });
  };
  if (rows.length === 0) {
    remember(answer);
    return false;
  }
  const links = linkAll(maker, answer, rows);
  const result = await rpc('ws_audit_seal', {
    p_n: String(answer.n),
    p_mac: answer.mac,
    p_ids: rows.map(([auditId]) => String(auditId)),
    p_contents: rows.map(([, content]) => content),
    p_actors: rows.map(([, , actor]) => actor),
    p_content_macs: links.map(({ contentMac }) => contentMac),
    p_actor_macs: links.map(({ actorMac }) => actorMac),
    p_macs: links.map(({ mac }) => mac),
  });
  // Otherwise another relay was first: what it left is read again.
  if (result !== 'ok') return true;
  const last = links.at(-1);
  if (last !== undefined) remember(last);
  return rows.length === SEAL_ROWS;
}

/** Links all rows that have no link yet. Rejects when the database is away. */
export async function sealAuditLog(options: SealOptions): Promise<void> {
  while (await sealBatch(options));
}
