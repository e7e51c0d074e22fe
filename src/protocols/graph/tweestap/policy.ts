/**
 * Owns the policy as a whole, and those parts of it that Entra keeps on pages of their own: service
 * settings, password reset, security questions. A change is merged into what is there (RFC 7396), and
 * only where nobody changed it since, if `If-Match` says since when.
 */
import * as z from 'zod';

import { TweestapError } from '../../../errors/errors.ts';
import { policySchema } from '../../../policies/policy-schema.ts';
import type { Policy } from '../../../policies/policy.ts';
import { settings as questionSettings } from '../../../methods/security-questions/settings.ts';
import { refusal, type Refusal } from '../faults.ts';
import { one } from '../listing.ts';
import {
  organisationOperation,
  type Answer,
  type Call,
  type Entity,
  type Operation,
} from '../operation.ts';
import { mergePatch } from './merge-patch.ts';

/** A part of the policy with an address of its own. */
interface Section {
  readonly path: string;
  /** In sentences: `the service settings`. */
  readonly called: string;
  readonly schema: z.ZodObject;
  readonly body: z.ZodType<Readonly<Record<string, unknown>>>;
  readonly read: (policy: Policy) => Entity;
  /** The change as one of the whole policy. */
  readonly change: (asked: Readonly<Record<string, unknown>>) => unknown;
}

const { shape } = policySchema;
const anything = z.unknown().exactOptional();
const annotations = {
  '@odata.context': z.string().max(500).exactOptional(),
  '@odata.etag': z.string().max(100).exactOptional(),
};

/** The methods that Entra's service settings switch. */
const verificationOptions = {
  phoneCall: 'phone-call',
  textMessage: 'text-message',
  notification: 'notification',
  verificationCode: 'authenticator-code',
} as const;
const switches = z.strictObject({
  phoneCall: z.boolean(),
  textMessage: z.boolean(),
  notification: z.boolean(),
  verificationCode: z.boolean(),
});

const questions = 'security-questions';

const sections: readonly Section[] = [
  {
    path: '/policy',
    called: 'the whole policy',
    schema: policySchema,
    body: z.record(z.string().max(100), z.unknown()),
    read: (policy) => policy,
    change: (asked) => asked,
  },
  {
    path: '/serviceSettings',
    called: 'the service settings',
    schema: z.object({
      appPasswords: shape.appPasswords,
      trustedIps: shape.trustedIps,
      verificationOptions: switches,
      trustedDevices: shape.trustedDevices,
      fraud: shape.fraud,
      lockout: shape.lockout,
    }),
    body: z.strictObject({
      ...annotations,
      appPasswords: anything,
      trustedIps: anything,
      verificationOptions: switches.partial().exactOptional(),
      trustedDevices: anything,
      fraud: anything,
      lockout: anything,
    }),
    read: ({ appPasswords, trustedIps, trustedDevices, fraud, lockout, methods }) => ({
      appPasswords,
      trustedIps,
      verificationOptions: Object.fromEntries(
        Object.entries(verificationOptions).map(([name, id]) => [
          name,
          methods[id]?.enabled ?? true,
        ]),
      ),
      trustedDevices,
      fraud,
      lockout,
    }),
    change: ({ verificationOptions: asked = {}, ...rest }) => {
      const is = switches.partial().parse(asked);
      const methods = Object.entries(verificationOptions).flatMap(([name, id]) => {
        const enabled = Object.entries(is).find(([each]) => each === name)?.[1];
        return enabled === undefined ? [] : [[id, { enabled }] as const];
      });
      return { ...rest, ...(methods.length === 0 ? {} : { methods: Object.fromEntries(methods) }) };
    },
  },
  {
    path: '/resetPolicy',
    called: 'who resets a forgotten password, and by what',
    schema: z.looseObject({ ...shape.reset.def.innerType.shape }),
    body: z.record(z.string().max(100), z.unknown()),
    read: ({ reset }) => reset,
    change: (asked) => ({ reset: asked }),
  },
  {
    path: '/securityQuestions',
    called: 'who answers security questions, and which',
    schema: z.object({
      enabled: z.boolean(),
      includedGroups: z.array(z.string()),
      excludedGroups: z.array(z.string()),
      settings: questionSettings,
    }),
    body: z.strictObject({
      ...annotations,
      enabled: anything,
      includedGroups: anything,
      excludedGroups: anything,
      settings: anything,
    }),
    read: ({ methods }) => {
      const said = methods[questions];
      return {
        enabled: said?.enabled ?? false,
        includedGroups: said?.includedGroups ?? [],
        excludedGroups: said?.excludedGroups ?? [],
        settings: questionSettings.parse(said?.settings ?? {}),
      };
    },
    change: (asked) => ({ methods: { [questions]: asked } }),
  },
];

export const policyOperations: readonly Operation[] = sections.flatMap((section) => {
  const { path, called, schema, body } = section;
  return [
    organisationOperation({
      method: 'GET',
      path,
      roots: ['tweestap'],
      act: 'see-policy',
      does: `Tells ${called}; the ETag is its version.`,
      answers: { kind: 'entity', schema },
      run: (call) => told(call, section),
    }),
    organisationOperation({
      method: 'PATCH',
      path,
      roots: ['tweestap'],
      act: 'change-policy',
      does: `Changes ${called}: what is sent is merged into it (RFC 7396), from the version that If-Match names.`,
      body,
      answers: { kind: 'nothing' },
      run: (call, asked) => change(call, section, asked),
    }),
  ];
});

async function told(call: Call, { path, read }: Section): Promise<Answer | Refusal> {
  const { version, document } = await call.parts.stores.policies.read();
  const etag = etagOf(version);
  const entity = { '@odata.etag': etag, ...read(policySchema.parse(document)) };
  return one(call, entity, { context: path.slice(1), headers: { etag } });
}

async function change(
  call: Call,
  section: Section,
  asked: Readonly<Record<string, unknown>>,
): Promise<Answer | Refusal> {
  const { '@odata.context': _context, '@odata.etag': _etag, ...said } = asked;
  const { ifMatch = '*' } = call;
  let after = 0;
  let isChangedSince = false;
  try {
    await call.parts.governing.changePolicy(call.by, (policy, version) => {
      isChangedSince = ifMatch !== '*' && ifMatch !== etagOf(version);
      if (isChangedSince) throw new TweestapError('BUSY');
      after = version + 1;
      return mergePatch(policy, section.change(said));
    });
  } catch (error) {
    if (isChangedSince) return changedSince;
    if (error instanceof RangeError) return refusal('badRequest', error.message);
    throw error;
  }
  return { status: 204, headers: { etag: etagOf(after) } };
}

const changedSince = refusal(
  'resourceModified',
  'The policy has changed since: read it again, or leave out If-Match.',
);

function etagOf(version: number): string {
  return `W/"${version}"`;
}
