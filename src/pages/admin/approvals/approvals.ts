/** Owns the pages where a second administrator is asked, and agrees. */
import { z } from 'zod';

import { roles, type User } from '../../../accounts/user.ts';
import type { Approvals } from '../../../administration/approvals.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import {
  approvedActs,
  approvedValues,
  mayDecide,
  type Approval,
} from '../../../accounts/approval.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import {
  approvalPage,
  approvalsPage,
  askPage,
  doneKinds,
  type DoneKind,
  type KnownApproval,
} from './approval-pages.ts';
import { approvalsPath } from './path.ts';

export interface ApprovalPageParts extends AdminGuardParts {
  readonly approvals: Approvals;
}

const mostShown = 100;
const asked = z.object({ done: z.enum(doneKinds).optional().catch(undefined) });
const approved = z.partialRecord(z.enum(approvedValues), z.string().max(4_000));
const wanted = z.object({
  act: z.enum(approvedActs),
  person: z.string().max(100).default(''),
  role: z.enum(roles).optional(),
  values: z
    .string()
    .max(8_000)
    .default('{}')
    .transform((text, context) => {
      const read = approved.safeParse(parsed(text));
      if (read.success) return read.data;
      context.addIssue('The values cannot be read.');
      return z.NEVER;
    }),
});
const reasonForm = wanted.extend({ reason: z.string().max(1_000).default('') });
const decisionForm = z.object({ decision: z.enum(['agree', 'decline', 'take-back']) });
const doneBy = { agree: 'agreed', decline: 'declined', 'take-back': 'taken-back' } as const;
const address = z.object({ approval: z.string().max(100) });

/** Registers the pages. */
export function approvalRoutes(open: Open, parts: ApprovalPageParts): void {
  const { stores, approvals, policies, clock } = parts;

  const userOf = async (id: string | undefined): Promise<User | undefined> =>
    id === undefined || id === '' ? undefined : stores.users.find(id);
  const known = async (approval: Approval): Promise<KnownApproval> => ({
    approval,
    asker: await userOf(approval.askedBy),
    target: await userOf(approval.targetId),
    decider: await userOf(approval.decision?.by),
  });
  const back = (done: DoneKind): string => `${approvalsPath}?done=${done}`;

  open('GET /admin/approvals', async (admin, request, reply) => {
    const { administration } = await policies.current();
    const list = await stores.approvals.list(mostShown);
    const page = approvalsPage({
      ...admin,
      approvals: await Promise.all(list.map(known)),
      isOn: administration.secondApproval,
      done: query(request, asked).done,
      now: clock.now(),
    });
    return sendPage(reply, page);
  });

  open('GET /admin/approvals/ask', async (_admin, _request, reply) => {
    // What is asked for stands in the form alone: who comes back to its address begins with the act again.
    return seeOther(reply, approvalsPath);
  });

  open('POST /admin/approvals/ask', async (admin, request, reply) => {
    const { act, person, role, values, reason } = form(request, reasonForm);
    const typed = reason.trim();
    if (typed === '') {
      const target = await userOf(person);
      if (target === undefined && act !== 'stop-asking') throw new TweestapError('NOT_FOUND');
      return sendPage(reply, askPage({ ...admin, act, target, role, values, isMissing: true }), {
        status: 422,
      });
    }
    const by = byOf(admin, request);
    const asking = { act, targetId: person, role, values, reason: typed.slice(0, 200) };
    const isNew = await approvals.ask(asking, by);
    return seeOther(reply, back(isNew ? 'asked' : 'asked-before'));
  });

  open('GET /admin/approvals/:approval', async (admin, request, reply) => {
    const approval = await stores.approvals.find(params(request, address).approval);
    if (approval === undefined) throw new TweestapError('NOT_FOUND');
    const people = await known(approval);
    const page = approvalPage({
      ...admin,
      known: people,
      now: clock.now(),
      mayDecide: mayDecide(admin.current.user, approval, people.target),
    });
    return sendPage(reply, page);
  });

  open('POST /admin/approvals/:approval', async (admin, request, reply) => {
    const { approval: id } = params(request, address);
    const { decision } = form(request, decisionForm);
    const isAgreed = decision === 'agree';
    const isDecided = await approvals.decide(id, isAgreed, byOf(admin, request));
    return seeOther(reply, back(isDecided ? doneBy[decision] : 'too-late'));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
