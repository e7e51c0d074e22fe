/**
 * Owns what happens to a form of settings that was sent: judged, refused, asked once more, saved. Only
 * what was changed in it is changed, and only where nobody else changed the same meanwhile.
 */
import { createHash } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { Governing } from '../../../administration/governing.ts';
import { sendPage } from '../../../http/answer.ts';
import { form } from '../../../http/parse.ts';
import { visitorOf } from '../../../http/site.ts';
import type { Methods } from '../../../methods/method.ts';
import type { Policies } from '../../../policies/policies.ts';
import type { Policy } from '../../../policies/policy.ts';
import type { SigninStores } from '../../../signin/stores.ts';
import { byOf } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { dangersOf, refusalOf } from './dangers.ts';
import { draftIn } from './draft.ts';
import type { SettingField } from './fields.ts';
import {
  fieldsIn,
  formPage,
  previewName,
  seenName,
  sureForm,
  sureName,
  writtenFrom,
  type FormView,
} from './form-page.ts';
import type { SectionOf } from './groups.ts';
import { effective, judge } from './judging.ts';
import type { Preview } from './preview.ts';
import { isSame, withValues } from './sent.ts';
import { wordsIn } from './words.ts';

export interface SettingsParts {
  readonly governing: Governing;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly stores: Pick<SigninStores, 'policies' | 'registrations' | 'users'>;
}

/** What a page of settings is, before anything is known of its values. */
export type PageOf = Pick<FormView, 'title' | 'intro' | 'back' | 'path' | 'notes' | 'above'> & {
  readonly sections: readonly SectionOf[];
  /** What something of it would look like while the policy is this. */
  readonly previewOf?: ((policy: Policy) => Preview) | undefined;
};

const sentFields = z.record(z.string(), z.string());

/** Shows the form as the policy is now, or as it was left when its sender had to prove themselves first. */
export function showForm(
  admin: Admin,
  request: FastifyRequest,
  reply: FastifyReply,
  page: PageOf,
  policy: Policy,
): FastifyReply {
  const { sections } = page;
  const draft = draftIn(admin, request);
  if (draft !== undefined) {
    const { [seenName]: seen = '', [sureName]: _sure, [previewName]: _preview, ...sent } = draft;
    const view = { ...admin, ...page, policy, sent, seen, isDraft: true };
    return sendPage(reply, formPage({ ...view, preview: page.previewOf?.(policy) }));
  }
  const sent = writtenFrom(policy, sections);
  return sendPage(
    reply,
    formPage({
      ...admin,
      ...page,
      policy,
      sent,
      seen: seenOf(policy, sections),
      preview: page.previewOf?.(policy),
    }),
  );
}

/** Does what was asked for by a form that `showForm` showed. */
export async function saveForm(
  parts: SettingsParts,
  admin: Admin,
  request: FastifyRequest,
  reply: FastifyReply,
  page: PageOf,
): Promise<FastifyReply> {
  const {
    [seenName]: seen = '',
    [sureName]: sure,
    [previewName]: toPreview,
    ...sent
  } = form(request, sentFields);
  const { sections } = page;
  const fields = fieldsIn(sections);
  const { methods, stores } = parts;
  // Not what this node remembers: whoever saved a second ago did it on another.
  parts.policies.forget();
  const before = await parts.policies.current();
  const now = {
    ...admin,
    ...page,
    policy: before,
    sent,
    seen: seenOf(before, sections),
    preview: page.previewOf?.(before),
  };
  const meanwhile = changedSince(seen, before, fields);
  if (meanwhile.length > 0) {
    return sendPage(reply, formPage({ ...now, meanwhile }), { status: 409 });
  }
  const judged = judge(before, fields, sent, methods);
  if (judged.kind === 'wrong') {
    return sendPage(reply, formPage({ ...now, faults: judged.faults }), { status: 422 });
  }
  if (toPreview !== undefined) {
    return sendPage(reply, formPage({ ...now, preview: page.previewOf?.(judged.policy) }));
  }
  const change = { before, after: judged.policy };
  const { user } = admin.current;
  const registered = await stores.registrations.list(user.id);
  const refusal = refusalOf(change, methods, user, registered);
  if (refusal !== undefined) {
    const words = wordsIn(admin.frame.locale);
    const told = refusal === 'noMethod' ? words.faults.noMethod : words.dangers['own-out'];
    return sendPage(reply, formPage({ ...now, refusal: told }), { status: 422 });
  }
  if (sure === undefined) {
    const { address } = visitorOf(request);
    const dangers = await dangersOf(change, {
      methods,
      registrations: stores.registrations,
      users: stores.users,
      address,
    });
    if (dangers.length > 0) return sendPage(reply, sureForm(now, dangers));
  }
  let overtaken: Policy | undefined;
  await parts.governing.changePolicy(byOf(admin, request), (policy) => {
    overtaken = changedSince(seen, policy, fields).length > 0 ? policy : undefined;
    return overtaken === undefined ? withValues(policy, judged.values) : policy;
  });
  const after = await parts.policies.current();
  const preview = page.previewOf?.(after);
  const then = { ...now, policy: after, seen: seenOf(after, sections), preview };
  if (overtaken !== undefined) {
    const others = changedSince(seen, overtaken, fields);
    return sendPage(reply, formPage({ ...then, meanwhile: others }), { status: 409 });
  }
  const changed = fields
    .map((field) => ({ field, from: effective(before, field), to: effective(after, field) }))
    .filter(({ field, from, to }) => !isSame(field, from, to));
  return sendPage(reply, formPage({ ...then, sent: writtenFrom(after, sections), changed }));
}

const digestLength = 8;

/** A short name for each value, so that a form can tell which of them is another one now. */
function seenOf(policy: Policy, sections: readonly SectionOf[]): string {
  return fieldsIn(sections)
    .map((field) => digestOf(effective(policy, field)))
    .join('');
}

function changedSince(
  seen: string,
  policy: Policy,
  fields: readonly SettingField[],
): readonly SettingField[] {
  return fields.filter(
    (field, index) =>
      seen.slice(index * digestLength, (index + 1) * digestLength) !==
      digestOf(effective(policy, field)),
  );
}

function digestOf(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return createHash('sha256').update(text).digest('base64url').slice(0, digestLength);
}
