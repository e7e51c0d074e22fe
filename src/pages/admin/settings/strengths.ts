/**
 * Owns the pages of the authentication strengths (row A-079): the three that are always there, and those
 * of the organisation. One that an application asks for stays: without it nobody could open that.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { ApplicationStore } from '../../../applications/application-store.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params } from '../../../http/parse.ts';
import { policySchema } from '../../../policies/policy-schema.ts';
import type { Policy } from '../../../policies/policy.ts';
import {
  builtInCombinations,
  builtInStrengths,
  requirableNames,
  strengthFaults,
} from '../../../policies/strengths.ts';
import { byOf, type Open } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { knownCombinations, readCombinations, writtenCombinations } from './combinations.ts';
import { draftIn, keepDraft } from './draft.ts';
import { strengthPath, strengthsPath } from './path.ts';
import type { SettingsParts } from './saving.ts';
import type { Sent } from './sent.ts';
import {
  strengthFormPage,
  strengthsPage,
  type Strength,
  type StrengthFault,
  type StrengthView,
} from './strengths-page.ts';

export interface StrengthParts extends SettingsParts {
  readonly applications: Pick<ApplicationStore, 'list'>;
}

const itsAddress = z.object({ strength: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/) });
const sentFields = z.record(z.string(), z.string());

/** Registers the pages. */
export function strengthRoutes(open: Open, parts: StrengthParts): void {
  const { policies, methods, governing } = parts;

  open('GET /admin/settings/strengths', async (admin, _request, reply) =>
    list(admin, reply, await policies.current()),
  );

  open('GET /admin/settings/strengths/new', async (admin, request, reply) => {
    const sent = draftIn(admin, request) ?? {};
    return sendPage(reply, strengthFormPage(await viewOf(admin, undefined, sent)));
  });

  open(
    'POST /admin/settings/strengths/new',
    async (admin, request, reply) => {
      const sent = form(request, sentFields);
      const strength = readStrength(sent, sent['id']?.trim() ?? '');
      return save(admin, request, reply, undefined, sent, strength);
    },
    keepDraft,
  );

  open('GET /admin/settings/strengths/:strength', async (admin, request, reply) => {
    const strength = strengthIn(await policies.current(), request);
    const sent = draftIn(admin, request) ?? written(strength);
    return sendPage(reply, strengthFormPage(await viewOf(admin, strength, sent)));
  });

  open(
    'POST /admin/settings/strengths/:strength',
    async (admin, request, reply) => {
      const before = strengthIn(await policies.current(), request);
      if (before.isBuiltIn) throw new TweestapError('NOT_FOUND');
      const sent = form(request, sentFields);
      return save(admin, request, reply, before, sent, readStrength(sent, before.id));
    },
    keepDraft,
  );

  // Its answer is a page: whoever loads that anew, or asks for it in another language, comes here.
  open('GET /admin/settings/strengths/:strength/remove', async (_admin, _request, reply) =>
    seeOther(reply, strengthsPath),
  );

  open(
    'POST /admin/settings/strengths/:strength/remove',
    async (admin, request, reply) => {
      const before = strengthIn(await policies.current(), request);
      if (before.isBuiltIn) throw new TweestapError('NOT_FOUND');
      const view = await viewOf(admin, before, written(before));
      if (view.usedBy.length > 0) {
        const page = strengthFormPage({ ...view, faults: [{ field: undefined, reason: 'used' }] });
        return sendPage(reply, page, { status: 422 });
      }
      await governing.changePolicy(byOf(admin, request), (policy) => ({
        ...policy,
        strengths: policy.strengths.filter(({ id }) => id !== before.id),
      }));
      return list(admin, reply, await policies.current(), { removed: before });
    },
    (_admin, request) => strengthPath(params(request, itsAddress).strength),
  );

  async function list(
    admin: Admin,
    reply: FastifyReply,
    policy: Policy,
    done: { readonly saved?: Strength; readonly removed?: Strength } = {},
  ): Promise<FastifyReply> {
    const all = [...builtInStrengths.map(builtIn), ...policy.strengths.map(ownStrength)];
    const used = await parts.applications.list();
    const removed = done.removed === undefined ? undefined : written(done.removed);
    return sendPage(
      reply,
      strengthsPage({
        ...admin,
        strengths: all.map((strength) => ({ strength, usedBy: namesOf(used, strength.id) })),
        sites: policy.sites,
        saved: done.saved,
        removed: removed === undefined ? undefined : { ...removed, id: done.removed?.id ?? '' },
      }),
    );
  }

  async function save(
    admin: Admin,
    request: FastifyRequest,
    reply: FastifyReply,
    before: Strength | undefined,
    sent: Sent,
    strength: Strength,
  ): Promise<FastifyReply> {
    const policy = await policies.current();
    const faults = faultsOf(policy, strength, before);
    if (faults.length > 0) {
      const view = await viewOf(admin, before, sent);
      return sendPage(reply, strengthFormPage({ ...view, faults }), { status: 422 });
    }
    await governing.changePolicy(byOf(admin, request), (newest) => ({
      ...newest,
      strengths: withStrength(newest, strength),
    }));
    return list(admin, reply, await policies.current(), { saved: strength });
  }

  async function viewOf(
    admin: Admin,
    strength: Strength | undefined,
    sent: Sent,
  ): Promise<StrengthView> {
    const used = strength === undefined ? [] : await parts.applications.list();
    return {
      ...admin,
      strength,
      sent,
      known: knownCombinations(methods),
      methodIds: methods.all
        .filter(({ provesIn }) => provesIn.includes('sign-in'))
        .map(({ id }) => id),
      usedBy: strength === undefined ? [] : namesOf(used, strength.id),
      faults: [],
    };
  }

  function strengthIn(policy: Policy, request: FastifyRequest): Strength {
    const { strength: id } = params(request, itsAddress);
    const known = builtInStrengths.find((each) => each === id);
    if (known !== undefined) return builtIn(known);
    const own = policy.strengths.find((each) => each.id === id);
    if (own === undefined) throw new TweestapError('NOT_FOUND');
    return ownStrength(own);
  }

  function builtIn(id: (typeof builtInStrengths)[number]): Strength {
    return { id, name: undefined, combinations: builtInCombinations(id, methods), isBuiltIn: true };
  }

  function written({ name, combinations }: Strength): Sent {
    return {
      name: name ?? '',
      ...writtenCombinations(combinations, knownCombinations(methods)),
    };
  }

  function faultsOf(
    policy: Policy,
    strength: Strength,
    before: Strength | undefined,
  ): readonly StrengthFault[] {
    if (before === undefined && requirableNames(policy).includes(strength.id)) {
      return [{ field: 'id', reason: 'taken' }];
    }
    const strengths = withStrength(policy, strength);
    const at = strengths.findIndex(({ id }) => id === strength.id);
    const parsed = policySchema.safeParse({ ...policy, strengths });
    if (!parsed.success) {
      const fields = new Set(
        parsed.error.issues
          .filter(({ path }) => path[0] === 'strengths' && path[1] === at)
          .map(({ path }) => path[2]),
      );
      const found = (['name', 'id', 'combinations'] as const).filter((field) => fields.has(field));
      if (found.length === 0) return [{ field: undefined, reason: 'many' }];
      return found.map((field) => ({ field, reason: field }));
    }
    const own = strengthFaults(parsed.data, methods).some((fault) =>
      fault.startsWith(`strengths.${at}.combinations`),
    );
    return own ? [{ field: 'combinations', reason: 'weak' }] : [];
  }
}

function readStrength(sent: Sent, id: string): Strength {
  const name = sent['name']?.trim() ?? '';
  return { id, name, combinations: readCombinations(sent), isBuiltIn: false };
}

function withStrength(
  policy: Policy,
  { id, name = '', combinations }: Strength,
): Policy['strengths'] {
  const changed = { id, name, combinations: combinations.map((each) => [...each]) };
  return policy.strengths.some((each) => each.id === id)
    ? policy.strengths.map((each) => (each.id === id ? changed : each))
    : [...policy.strengths, changed];
}

function ownStrength({ id, name, combinations }: Policy['strengths'][number]): Strength {
  return { id, name, combinations, isBuiltIn: false };
}

function namesOf(
  applications: readonly { readonly name: string; readonly required: string }[],
  id: string,
): readonly string[] {
  return applications.filter(({ required }) => required === id).map(({ name }) => name);
}
