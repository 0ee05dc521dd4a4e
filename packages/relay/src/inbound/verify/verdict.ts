// What every verifier takes and answers: a request as it came over the wire, and whether one of the secrets made it.

/** A webhook request before anything of it is believed. Header names in lower case, as Node gives them. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes of the body exactly as received. */
  readonly body: Uint8Array;
  /** The address as the sender knows it, with its query. Some schemes sign it. */
  readonly url?: string;
  /** What stands after the source's id in the path: for senders that can neither sign nor set headers. */
  readonly pathKey?: string;
}

/** What verification needs to know of a source. Newest secret first; more than one during a rotation. */
export interface VerifiableSource {
  readonly secrets: readonly string[];
  /** Whether a weaker form is accepted beside the usual one: signatures inside the body, or of an older version. */
  readonly acceptsWeaker: boolean;
  /** Channels that are open at Google, when they are known. */
  readonly channels?: readonly { readonly id: string; readonly resourceId?: string }[];
}

/** Decides for one provider. `nowMs` is UTC ms. Never throws. */
export type Scheme = (request: SignedRequest, source: VerifiableSource, nowMs: number) => Verdict;

export type Verdict =
  | {
      readonly ok: true;
      /** The sender's own id of this event, the same at every retry; missing when the scheme has none. */
      readonly eventId?: string;
      /** Which of the secrets signed it, for "last used". */
      readonly secretIndex: number;
    }
  /** Why it was refused: for the audit log only, the sender gets one neutral answer. */
  | { readonly ok: false; readonly reason: 'missing-header' | 'outside-window' | 'no-match' | 'no-secret' };

/** One value of a header. Two headers of one name are no signature of anything. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
