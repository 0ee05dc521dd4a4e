// Which websites may open a socket: our own, and those that the settings name. Programs other than browsers send no
// origin and are judged by their token alone.
import type { IncomingHttpHeaders } from 'node:http';

export interface OriginPolicy {
  /** Full origins, `https://app.example`, besides the relay's own host. */
  readonly allowed: readonly string[];
}

/** True for no origin, for the host that the request itself is for, and for the allowed ones. */
export function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, { allowed }: OriginPolicy): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  return host !== undefined && new URL(origin).host === host.toLowerCase();
}
