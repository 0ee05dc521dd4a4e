// Comparing the signatures that were sent with those that the secrets make.
import { isSameText } from '../../auth/same-text.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether one of `given` is what one of the secrets makes. Every secret is compared with every entry, whichever
 * matched first. `expect` answers undefined for a secret that is none of the scheme's.
 */
export function matchSecrets(
  given: readonly string[],
  secrets: readonly string[],
  expect: (secret: string) => string | undefined,
): Verdict {
  let secretIndex = -1;
  for (const [index, secret] of secrets.entries()) {
    const expected = expect(secret);
    if (expected === undefined) continue;
    for (const entry of given) if (isSameText(entry, expected) && secretIndex < 0) secretIndex = index;
  }
  return secretIndex < 0 ? { ok: false, reason: 'no-match' } : { ok: true, secretIndex };
}
