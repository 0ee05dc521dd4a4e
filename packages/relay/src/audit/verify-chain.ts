// Reads the audit log with its chain and tells whether anything was changed, taken away or put in.
import { callJson, type Rpc } from '../store/rpc.ts';
import { type Head, type HeadMemory, type Link, type LinkMaker, sealAuditLog } from './chain.ts';

/** What is wrong with an entry. */
export type AuditProblem =
  /** The row does not say any more what it said. */
  | 'changed'
  /** The row is gone, and no row says why. */
  | 'missing'
  /** The link does not follow from the one before. */
  | 'broken'
  /** Links that this relay has seen are gone from the end. */
  | 'cut'
  /** A row claims a link and has none. */
  | 'unlinked'
  /** The row claims a time long before the rows ahead of it. */
  | 'backdated'
  /** The row tells that entries were taken away, and another number is gone. */
  | 'miscounted';

export interface AuditVerification {
  readonly ok: boolean;
  readonly links: number;
  /** Rows that retention or the end of an account took away, as later rows say. */
  readonly erased: number;
  readonly problems: readonly {
    readonly n: number;
    readonly auditId: number;
    readonly problem: AuditProblem;
  }[];
}

type StoredLink = Link & {
  readonly erasedBy: number | null;
  readonly actorErasedBy: number | null;
} & (
    | { readonly content: string; readonly actor: string; readonly action: string; readonly count: number }
    | { readonly content: null }
  );

export interface VerifyOptions {
  readonly rpc: Rpc;
  readonly maker: LinkMaker;
  readonly memory: HeadMemory;
}

const VERIFY_ROWS = 1_000;
const MAX_PROBLEMS = 100;
/** Rows of transactions that ran side by side are this far apart at most; a clock may be put right by some minutes. */
const BACKDATED_US = 3_600_000_000;
const DELETED_ACTOR = 'deleted';

async function readLinks(rpc: Rpc, onLink: (link: StoredLink) => void): Promise<void> {
  let after = 0;
  for (;;) {
    const links = await callJson<StoredLink[]>(rpc, 'ws_audit_chain', {
      p_after: String(after),
      p_limit: String(VERIFY_ROWS),
    });
    for (const link of links) onLink(link);
    const last = links.at(-1);
    if (last === undefined || links.length < VERIFY_ROWS) return;
    after = last.n;
  }
}

/** The second value of what `wedsync.audit_content` writes. */
function timeOf(content: string): number {
  return (JSON.parse(content) as [number, number])[1];
}

async function verifyOnce({ rpc, maker, memory }: VerifyOptions): Promise<AuditVerification> {
  const remembered = memory.read();
  const problems: { n: number; auditId: number; problem: AuditProblem }[] = [];
  /** Entries that tell of an erasure: how many links it left. */
  const erasures = new Map<number, { n: number; count: number }>();
  /** What each such entry must account for. */
  const claims: { n: number; auditId: number; by: number | null; problem: AuditProblem }[] = [];
  let last: Head = { n: 0, mac: '' };
  let links = 0;
  let erased = 0;
  let latestUs = 0;
  let isRememberedFound = remembered === undefined;

  await readLinks(rpc, (link) => {
    const { n, auditId } = link;
    const note = (problem: AuditProblem) => problems.push({ n, auditId, problem });
    links += 1;
    if (n !== last.n + 1 || link.mac !== maker.linkMac(last.mac, link)) note('broken');
    last = link;
    if (remembered?.n === n && remembered.mac === link.mac) isRememberedFound = true;
    if (link.actorErasedBy !== null) claims.push({ n, auditId, by: link.actorErasedBy, problem: 'changed' });
    if (link.content === null) {
      erased += 1;
      claims.push({ n, auditId, by: link.erasedBy, problem: 'missing' });
      return;
    }
    const isActorForgotten = link.actorErasedBy !== null && link.actor === DELETED_ACTOR;
    const isActorSame = isActorForgotten || link.actorMac === maker.actorMac(auditId, link.actor);
    if (!isActorSame || link.contentMac !== maker.contentMac(link.content)) {
      note('changed');
      return;
    }
    const atUs = timeOf(link.content);
    if (atUs < latestUs - BACKDATED_US) note('backdated');
    latestUs = Math.max(latestUs, atUs);
    if (link.action.startsWith('audit.')) erasures.set(auditId, { n, count: link.count });
  });

  const counted = new Map<number, number>();
  for (const { n, auditId, by, problem } of claims) {
    if (by === null || !erasures.has(by)) problems.push({ n, auditId, problem });
    else counted.set(by, (counted.get(by) ?? 0) + 1);
  }
  for (const [auditId, { n, count }] of erasures)
    if ((counted.get(auditId) ?? 0) !== count) problems.push({ n, auditId, problem: 'miscounted' });
  if (!isRememberedFound) problems.push({ n: remembered?.n ?? 0, auditId: 0, problem: 'cut' });
  for (const auditId of await callJson<number[]>(rpc, 'ws_audit_strays', {}))
    problems.push({ n: 0, auditId, problem: 'unlinked' });
  return { ok: problems.length === 0, links, erased, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** Links what is new, and reads it all. Rejects when the database is away. */
export async function verifyAuditLog(options: VerifyOptions): Promise<AuditVerification> {
  await sealAuditLog(options);
  const first = await verifyOnce(options);
  if (first.ok) return first;
  // Between two pages rows may have been erased rightly: what was tampered with shows a second time.
  await sealAuditLog(options);
  return await verifyOnce(options);
}
