/**
 * Owns `policies/authenticationMethodsPolicy`: what Graph says of all methods together. What it has no
 * word for is at `/tweestap/v1/policy`.
 */
import * as z from 'zod';

import type { Policy } from '../../../policies/policy.ts';
import { one } from '../listing.ts';
import { organisationOperation, type Call, type Entity, type Operation } from '../operation.ts';
import { changePolicy, differing, unsettable } from './changing.ts';
import { configurationEntity } from './method-configuration.ts';
import { configurationsFor } from './method-configurations.ts';
import {
  excludedIn,
  forEverybody,
  groupsExcluded,
  groupsIncluded,
  includedIn,
  target,
} from './targets.ts';

const path = '/policies/authenticationMethodsPolicy';
const state = z.enum(['enabled', 'disabled']);
const campaignTarget = z.strictObject({
  ...target.shape,
  targetedAuthenticationMethod: z
    .literal('microsoftAuthenticator')
    .default('microsoftAuthenticator'),
});

const campaign = z.strictObject({
  state,
  snoozeDurationInDays: z.int().min(0).max(14),
  /** Whether it must be set up once it was put off as often as policy allows. */
  enforceRegistrationAfterAllowedSnoozes: z.boolean(),
  includeTargets: z.array(campaignTarget).max(200),
  excludeTargets: z.array(target).max(200),
});
const changedCampaign = campaign.partial();
const registrationEnforcement = z.strictObject({
  authenticationMethodsRegistrationCampaign: campaign,
});
/** Whether people are asked first for the strongest that they have. */
const systemCredentialPreferences = z.strictObject({
  state,
  includeTargets: z.array(target).max(200),
  excludeTargets: z.array(target).max(200),
});
const reportSuspiciousActivitySettings = z.strictObject({
  state,
  includeTarget: target,
  /** What is pressed during a call, before the #. */
  voiceReportingCode: z.int().min(0).max(9),
});

const about = {
  id: z.literal('authenticationMethodsPolicy'),
  displayName: z.string(),
  description: z.string(),
  lastModifiedDateTime: z.string().nullable(),
  policyVersion: z.string(),
  policyMigrationState: z.literal('migrationComplete'),
};

const policyEntity = z.object({
  ...about,
  /** After so many days people are asked whether what a reset would ask is still right; 0: never. */
  reconfirmationInDays: z.int(),
  registrationEnforcement,
  systemCredentialPreferences,
  reportSuspiciousActivitySettings,
  authenticationMethodConfigurations: z.array(configurationEntity),
});
const properties = Object.keys(policyEntity.shape);

const changedPolicy = z.strictObject({
  ...z.object(about).partial().shape,
  '@odata.type': z.string().max(100).exactOptional(),
  '@odata.context': z.string().max(500).exactOptional(),
  /** Each is changed at its own address. */
  authenticationMethodConfigurations: z
    .array(z.record(z.string(), z.unknown()))
    .max(40)
    .exactOptional(),
  reconfirmationInDays: z.int().min(0).max(730).exactOptional(),
  registrationEnforcement: z
    .strictObject({ authenticationMethodsRegistrationCampaign: changedCampaign.exactOptional() })
    .exactOptional(),
  systemCredentialPreferences: systemCredentialPreferences.partial().exactOptional(),
  reportSuspiciousActivitySettings: reportSuspiciousActivitySettings.partial().exactOptional(),
});
type Changed = z.infer<typeof changedPolicy>;

export const authenticationMethodsPolicyOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    act: 'see-policy',
    does: 'What policy says of all methods together, and of each.',
    answers: { kind: 'entity', schema: policyEntity },
    run: async (call) => one(call, await entityOf(call), { context: path.slice(1), properties }),
  }),
  organisationOperation({
    method: 'PATCH',
    path,
    act: 'change-policy',
    does: 'Changes what policy says of all methods together.',
    body: changedPolicy,
    answers: { kind: 'nothing' },
    run: async (call, asked) => {
      const known = {
        ...(await aboutIt(call)),
        authenticationMethodConfigurations: await configurationsFor(call),
      };
      await changePolicy(call, (policy) => changed(policy, asked, known));
      return { status: 204 };
    },
  }),
];

async function entityOf(call: Call): Promise<Entity> {
  const policy = await call.parts.policies.current();
  return {
    ...(await aboutIt(call)),
    ...settingsIn(policy),
    authenticationMethodConfigurations: await configurationsFor(call),
  };
}

async function aboutIt({ parts }: Call): Promise<Entity> {
  const { version } = await parts.stores.policies.read();
  const [newest] = await parts.stores.audit.list({ kind: 'policy-changed', limit: 1 });
  return {
    id: 'authenticationMethodsPolicy',
    displayName: 'Authentication Methods Policy',
    description: 'Which methods people may use, and for whom.',
    lastModifiedDateTime: newest?.at.toISOString() ?? null,
    policyVersion: String(version),
    policyMigrationState: 'migrationComplete',
  };
}

type Settings = Pick<
  z.infer<typeof policyEntity>,
  | 'reconfirmationInDays'
  | 'registrationEnforcement'
  | 'systemCredentialPreferences'
  | 'reportSuspiciousActivitySettings'
>;

function settingsIn({ reset, registration, systemPreferred, methods }: Policy): Settings {
  const { campaign: asks } = registration;
  const reportKey = methods['phone-call']?.settings['reportKey'];
  return {
    reconfirmationInDays: reset.reconfirmDays,
    registrationEnforcement: {
      authenticationMethodsRegistrationCampaign: {
        state: asks.enabled ? 'enabled' : 'disabled',
        snoozeDurationInDays: asks.snoozeDays,
        enforceRegistrationAfterAllowedSnoozes: asks.requiredAfterwards,
        includeTargets: includedIn(asks).map((each) => ({
          ...each,
          targetedAuthenticationMethod: 'microsoftAuthenticator',
        })),
        excludeTargets: [...excludedIn(asks)],
      },
    },
    systemCredentialPreferences: {
      state: systemPreferred ? 'enabled' : 'disabled',
      includeTargets: [forEverybody],
      excludeTargets: [],
    },
    reportSuspiciousActivitySettings: {
      // Whoever is asked may always say that it was not them.
      state: 'enabled',
      includeTarget: forEverybody,
      voiceReportingCode: typeof reportKey === 'string' ? Number(reportKey) : 0,
    },
  };
}

function changed(policy: Policy, asked: Changed, known: Entity): Policy | string {
  const { '@odata.type': _type, '@odata.context': _context, ...rest } = asked;
  const {
    reconfirmationInDays,
    registrationEnforcement: enforcement,
    systemCredentialPreferences: preferences,
    reportSuspiciousActivitySettings: reports,
    ...others
  } = rest;
  const shown = settingsIn(policy);
  const fault = unsettable(Object.keys(differing(others, known)));
  if (fault !== undefined) return fault;
  let next = policy;
  if (reconfirmationInDays !== undefined) {
    next = { ...next, reset: { ...next.reset, reconfirmDays: reconfirmationInDays } };
  }
  const asks = enforcement?.authenticationMethodsRegistrationCampaign;
  if (asks !== undefined) {
    const after = withCampaign(next.registration.campaign, asks);
    if (typeof after === 'string') return after;
    next = { ...next, registration: { ...next.registration, campaign: after } };
  }
  if (preferences !== undefined) {
    const { state: is, ...targets } = differing(preferences, shown.systemCredentialPreferences);
    const strange = unsettable(Object.keys(targets));
    if (strange !== undefined) return `systemCredentialPreferences: ${strange}`;
    if (is !== undefined) next = { ...next, systemPreferred: is === 'enabled' };
  }
  if (reports !== undefined) {
    const { voiceReportingCode: key, ...left } = differing(
      reports,
      shown.reportSuspiciousActivitySettings,
    );
    const strange = unsettable(Object.keys(left));
    if (strange !== undefined) return `reportSuspiciousActivitySettings: ${strange}`;
    if (key !== undefined) next = withReportKey(next, key);
  }
  return next;
}

type Campaign = Policy['registration']['campaign'];

function withCampaign(is: Campaign, asked: z.infer<typeof changedCampaign>): Campaign | string {
  const included =
    asked.includeTargets === undefined ? is.includedGroups : groupsIncluded(asked.includeTargets);
  if (typeof included === 'string') return included;
  const excluded =
    asked.excludeTargets === undefined ? is.excludedGroups : groupsExcluded(asked.excludeTargets);
  if (typeof excluded === 'string') return excluded;
  return {
    ...is,
    enabled: asked.state === undefined ? is.enabled : asked.state === 'enabled',
    snoozeDays: asked.snoozeDurationInDays ?? is.snoozeDays,
    requiredAfterwards: asked.enforceRegistrationAfterAllowedSnoozes ?? is.requiredAfterwards,
    includedGroups: [...included],
    excludedGroups: [...excluded],
  };
}

function withReportKey(policy: Policy, key: number): Policy {
  const call = policy.methods['phone-call'] ?? {
    includedGroups: [],
    excludedGroups: [],
    settings: {},
  };
  const settings = { ...call.settings, reportKey: String(key) };
  return { ...policy, methods: { ...policy.methods, 'phone-call': { ...call, settings } } };
}
