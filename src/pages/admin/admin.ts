/**
 * Owns the administrator's portal: who stands where, and help for one person or many. Every change is
 * an act of `administration/administration.ts`, which looks at whoever acts once more.
 */
import type { FastifyInstance } from 'fastify';

import type { Administration } from '../../administration/administration.ts';
import type { Governing } from '../../administration/governing.ts';
import type { Providing } from '../../administration/providing.ts';
import type { HardwareTokens } from '../../administration/hardware-tokens/hardware-tokens.ts';
import type { Jobs } from '../../administration/jobs/jobs.ts';
import type { ApplicationStore } from '../../applications/application-store.ts';
import { seeOther } from '../../http/answer.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import type { OwnPassword } from '../../own-account/own-password.ts';
import { approvalRoutes, type ApprovalPageParts } from './approvals/approvals.ts';
import { applicationRoutes, type ApplicationPageParts } from './applications/applications.ts';
import { deliveryRoutes, type DeliveryPageParts } from './deliveries/deliveries.ts';
import { directoryRoutes, type DirectoryPageParts } from './directory/directory.ts';
import { guarded } from './guard.ts';
import { auditLogRoutes } from './logs/audit.ts';
import { reportRoutes } from './reports/reports.ts';
import { signInLogRoutes, type LogPageParts } from './logs/sign-ins.ts';
import { fileRoutes } from './files/files.ts';
import { greetingRoutes, type GreetingPageParts } from './greetings/greetings.ts';
import { groupRoutes } from './groups/groups.ts';
import { jobRoutes } from './jobs/jobs.ts';
import { newUserRoutes } from './new-user/new-user.ts';
import { usersPath } from './path.ts';
import { createOnce } from './once.ts';
import { personRoutes } from './person/person.ts';
import { settingsRoutes } from './settings/settings.ts';
import { tokenRoutes } from './tokens/tokens.ts';
import { userRoutes } from './users/users.ts';
import { whatIfRoutes, type WhatIfPageParts } from './what-if/what-if.ts';

export interface AdminPageParts
  extends
    LogPageParts,
    Omit<ApplicationPageParts, 'once'>,
    ApprovalPageParts,
    DeliveryPageParts,
    DirectoryPageParts,
    GreetingPageParts,
    Omit<WhatIfPageParts, 'connected' | 'administration'> {
  readonly administration: Administration;
  readonly passwordElsewhere: OwnPassword['elsewhere'];
  readonly box: Pick<SecretBox, 'seal' | 'open'>;
  readonly providing: Providing;
  readonly governing: Governing;
  readonly hardwareTokens: HardwareTokens;
  readonly jobs: Jobs;
  readonly applications: Pick<ApplicationStore, 'list'>;
}

/** Registers the portal. */
export function adminRoutes(parts: AdminPageParts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const open = guarded(app, parts);
    const once = createOnce(parts);
    open('GET /admin', async (_admin, _request, reply) => seeOther(reply, usersPath));
    userRoutes(open, parts);
    newUserRoutes(open, { ...parts, once });
    groupRoutes(open, parts);
    directoryRoutes(open, parts);
    fileRoutes(open, parts);
    jobRoutes(open, parts);
    personRoutes(open, { ...parts, once });
    reportRoutes(open, parts);
    signInLogRoutes(open, parts);
    auditLogRoutes(open, parts);
    tokenRoutes(open, parts);
    applicationRoutes(open, { ...parts, once });
    approvalRoutes(open, parts);
    deliveryRoutes(open, parts);
    whatIfRoutes(open, parts);
    greetingRoutes(open, parts);
    settingsRoutes(open, parts);
  };
}
