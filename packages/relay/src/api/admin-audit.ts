// What `npm run audit:verify` asks the running relay.
import * as z from 'zod';
import type { AuditVerification } from '../audit/verify-chain.ts';
import type { Api } from './api.ts';

export function registerAdminAuditRoute(api: Api, verify: () => Promise<AuditVerification>): void {
  api.route({
    method: 'GET',
    path: '/api/admin/audit/verify',
    auth: 'admin',
    summary: 'Whether anything in the audit log was changed, put in or taken away',
    result: z.object({
      ok: z.boolean(),
      links: z.number(),
      erased: z.number(),
      problems: z.array(z.object({ n: z.number(), auditId: z.number(), problem: z.string() })),
    }),
    handler: async () => {
      const { problems, ...rest } = await verify();
      return { ...rest, problems: [...problems] };
    },
  });
}
