// Gets the bytes behind the address of a photo. Redirects are followed by hand: every step is checked as the first was.
import { type GuardedFetch, RefusedRequest } from '../net/guarded-fetch.ts';
import type { PhotoProblem } from './clean-photo.ts';

export type Fetched =
  | { readonly ok: true; readonly bytes: Uint8Array }
  /** No other try will change it. */
  | { readonly ok: false; readonly problem: PhotoProblem | 'photo-forbidden' }
  | { readonly ok: false; readonly problem: 'photo-away' };

const MAX_STEPS = 4;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function refusalIn(error: unknown): RefusedRequest | undefined {
  if (error instanceof RefusedRequest) return error;
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined;
}

/** Never rejects. */
export async function fetchPhoto(fetch: GuardedFetch, url: string, maxBytes: number): Promise<Fetched> {
  let address = url;
  try {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const headers = { accept: 'image/webp,image/jpeg,image/png' };
      const answer = await fetch(address, { headers, maxBytes });
      if (answer.status === 200) return { ok: true, bytes: answer.body };
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.status) || location === undefined)
        return { ok: false, problem: 'photo-away' };
      address = new URL(location, address).href;
    }
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.code === 'too-large') return { ok: false, problem: 'photo-too-large' };
    if (refusal !== undefined) return { ok: false, problem: 'photo-forbidden' };
  }
  return { ok: false, problem: 'photo-away' };
}
