/**
 * Owns how a method of ours is told as an `authenticationMethodConfiguration` of Graph, and what of it can
 * be changed there. What Graph has no word for (a PIN, what is pressed during a call) is changed at
 * `/tweestap/v1/policy`.
 */
import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import type { Methods } from '../../../methods/method.ts';
import type { Policy } from '../../../policies/policy.ts';
import type { Entity } from '../operation.ts';
import type { Root } from '../roots.ts';
import { differing, unsettable } from './changing.ts';
import {
  excludedIn,
  forEverybody,
  forNobody,
  groupsExcluded,
  groupsIncluded,
  includedIn,
  oneTarget,
  target,
} from './targets.ts';

/** One method, as Graph names it. */
export interface Configuration {
  /** As Graph writes it; found in any case. */
  readonly id: string;
  readonly type: string;
  /** The method of ours. */
  readonly method: string;
  /** Present where another one is changed instead, since both are one method here. */
  readonly goesBy?: string;
  /** What Graph says of each target beside who it is; nothing of it can be changed. */
  readonly target: Entity;
  /** Graph's properties that are settings of the method, by our names. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The same of `featureSettings`, which are switched on and off. */
  readonly features?: Readonly<Record<string, string>>;
  /** What is always so here. */
  readonly fixed?: Entity;
}

const isRegistrationRequired = { isRegistrationRequired: false };
/** What an app shows is asked for by number here, always; no app on a watch approves anything. */
const fixedFeatures: Readonly<Record<string, 'enabled' | 'disabled'>> = {
  numberMatchingRequiredState: 'enabled',
  companionAppAllowedState: 'disabled',
};

const typeOf = (name: string): string =>
  `#microsoft.graph.${name}AuthenticationMethodConfiguration`;

/** Every method that Graph has a name for. */
export const configurations: readonly Configuration[] = [
  {
    id: 'Fido2',
    type: typeOf('fido2'),
    method: 'security-key',
    target: isRegistrationRequired,
    fixed: {
      isSelfServiceRegistrationAllowed: true,
      isAttestationEnforced: false,
      keyRestrictions: { isEnforced: false, enforcementType: 'block', aaGuids: [] },
    },
  },
  {
    id: 'MicrosoftAuthenticator',
    type: typeOf('microsoftAuthenticator'),
    method: 'notification',
    target: { ...isRegistrationRequired, authenticationMode: 'push' },
    features: {
      displayAppInformationRequiredState: 'showApplication',
      displayLocationInformationRequiredState: 'showPlace',
    },
  },
  {
    id: 'Sms',
    type: typeOf('sms'),
    method: 'text-message',
    target: { ...isRegistrationRequired, isUsableForSignIn: false },
  },
  {
    id: 'Voice',
    type: typeOf('voice'),
    method: 'phone-call',
    target: isRegistrationRequired,
    settings: { isOfficePhoneAllowed: 'officePhoneTyped' },
  },
  {
    id: 'SoftwareOath',
    type: typeOf('softwareOath'),
    method: 'authenticator-code',
    target: isRegistrationRequired,
  },
  {
    id: 'HardwareOath',
    type: typeOf('hardwareOath'),
    method: 'authenticator-code',
    goesBy: 'SoftwareOath',
    target: isRegistrationRequired,
  },
  {
    id: 'TemporaryAccessPass',
    type: typeOf('temporaryAccessPass'),
    method: 'temporary-access-pass',
    target: isRegistrationRequired,
    settings: {
      defaultLifetimeInMinutes: 'minutes',
      defaultLength: 'length',
      maximumLifetimeInMinutes: 'longestMinutes',
      isUsableOnce: 'once',
    },
    fixed: { minimumLifetimeInMinutes: 10 },
  },
  {
    id: 'Email',
    type: typeOf('email'),
    method: 'email',
    target: isRegistrationRequired,
    fixed: { allowExternalIdToUseEmailOtp: 'disabled' },
  },
];

const state = z.enum(['enabled', 'disabled']);
const feature = z.strictObject({
  /** `default` leaves it to Tweestap. */
  state: z.enum(['default', 'enabled', 'disabled']),
  includeTarget: oneTarget.exactOptional(),
  excludeTarget: oneTarget.exactOptional(),
});
const features = z.strictObject({
  displayAppInformationRequiredState: feature.exactOptional(),
  displayLocationInformationRequiredState: feature.exactOptional(),
  numberMatchingRequiredState: feature.exactOptional(),
  companionAppAllowedState: feature.exactOptional(),
});
type Features = z.infer<typeof features>;

const includeTarget = z.strictObject({
  ...target.shape,
  '@odata.type': z.string().max(100).exactOptional(),
  isRegistrationRequired: z.boolean().exactOptional(),
  authenticationMode: z.enum(['any', 'push', 'deviceBasedPush']).exactOptional(),
  isUsableForSignIn: z.boolean().exactOptional(),
});
type IncludeTarget = z.infer<typeof includeTarget>;

const common = {
  id: z.string().max(100),
  state,
  includeTargets: z.array(includeTarget).max(200),
  excludeTargets: z.array(target).max(200),
};
/** Of all kinds together: what is not of the kind that is meant is refused by its name. */
const ofKinds = {
  isSelfServiceRegistrationAllowed: z.boolean(),
  isAttestationEnforced: z.boolean(),
  keyRestrictions: z.strictObject({
    isEnforced: z.boolean(),
    enforcementType: z.enum(['allow', 'block']),
    aaGuids: z.array(z.string().max(40)).max(200),
  }),
  isSoftwareOathEnabled: z.boolean(),
  featureSettings: features,
  isOfficePhoneAllowed: z.boolean(),
  defaultLifetimeInMinutes: z.int(),
  defaultLength: z.int(),
  minimumLifetimeInMinutes: z.int(),
  maximumLifetimeInMinutes: z.int(),
  isUsableOnce: z.boolean(),
  allowExternalIdToUseEmailOtp: z.enum(['default', 'enabled', 'disabled']),
};
const everything = z.strictObject({ ...common, ...ofKinds });

/** As it is answered; of each kind its own properties. */
export const configurationEntity = z.looseObject({
  '@odata.type': z.string(),
  ...common,
  ...z.object(ofKinds).partial().shape,
});

/** What may be sent: all that was answered, or part of it. */
export const changedConfiguration = z.strictObject({
  ...everything.partial().shape,
  '@odata.type': z.string().max(100).exactOptional(),
  '@odata.context': z.string().max(500).exactOptional(),
});
type Changed = z.infer<typeof changedConfiguration>;

/** The one that an address means. */
export function configurationNamed(id: string): Configuration | undefined {
  return configurations.find((each) => each.id.toLowerCase() === id.toLowerCase());
}

type MethodPolicy = Policy['methods'][string];
const nothingSaid: MethodPolicy = { includedGroups: [], excludedGroups: [], settings: {} };

/** Graph's words for what policy says of a method. */
export function configurationIn(
  policy: Policy,
  methods: Methods,
  configuration: Configuration,
  root: Root,
): Entity {
  const { id, type, method: methodId, settings = {}, fixed = {} } = configuration;
  const entry = policy.methods[methodId] ?? nothingSaid;
  return {
    '@odata.type': type,
    id,
    state: stateOf(policy, methods, methodId),
    includeTargets: includedIn(entry).map((each) => ({ ...each, ...configuration.target })),
    excludeTargets: excludedIn(entry),
    ...fixed,
    ...Object.fromEntries(
      Object.entries(settings).map(([name, ours]) => [
        name,
        settingsOf(policy, methods, methodId)[ours],
      ]),
    ),
    ...(configuration.features === undefined
      ? {}
      : {
          isSoftwareOathEnabled: stateOf(policy, methods, 'authenticator-code') === 'enabled',
          featureSettings: featuresIn(entry, configuration.features, root),
        }),
  };
}

/** The policy with this changed; a sentence where it cannot be. */
export function withConfiguration(
  policy: Policy,
  methods: Methods,
  configuration: Configuration,
  asked: Changed,
  root: Root,
): Policy | string {
  const { '@odata.type': type, '@odata.context': _context, ...rest } = asked;
  if (type !== undefined && type !== configuration.type) {
    return `'@odata.type' of ${configuration.id} is ${configuration.type}.`;
  }
  const shown = configurationIn(policy, methods, configuration, root);
  const { includeTargets, ...others } = rest;
  const included =
    includeTargets === undefined ? {} : { includeTargets: whole(configuration, includeTargets) };
  const different = differing({ ...others, ...included }, shown);
  if (Object.keys(different).length === 0) return policy;
  if (configuration.goesBy !== undefined) {
    return `${configuration.id} goes by ${configuration.goesBy} here: change that.`;
  }
  const {
    state: asState,
    includeTargets: includes,
    excludeTargets: excludes,
    featureSettings,
    ...left
  } = different;
  let entry = policy.methods[configuration.method] ?? nothingSaid;
  if (asState !== undefined) entry = { ...entry, enabled: asState === 'enabled' };
  if (includes !== undefined) {
    const fault = strangeIn(configuration, includes);
    if (fault !== undefined) return fault;
    const includedGroups = groupsIncluded(includes);
    if (typeof includedGroups === 'string') return includedGroups;
    entry = { ...entry, includedGroups: [...includedGroups] };
  }
  if (excludes !== undefined) {
    const excludedGroups = groupsExcluded(excludes);
    if (typeof excludedGroups === 'string') return excludedGroups;
    entry = { ...entry, excludedGroups: [...excludedGroups] };
  }
  let { settings } = entry;
  if (featureSettings !== undefined) {
    const changed = withFeatures(settings, configuration, featureSettings);
    if (typeof changed === 'string') return changed;
    settings = changed;
  }
  const known = configuration.settings ?? {};
  const fault = unsettable(Object.keys(left).filter((name) => !Object.hasOwn(known, name)));
  if (fault !== undefined) return fault;
  for (const [name, value] of Object.entries(left)) {
    settings = { ...settings, [known[name] ?? name]: value };
  }
  return {
    ...policy,
    methods: { ...policy.methods, [configuration.method]: { ...entry, settings } },
  };
}

/** The policy with the method as it is where nothing is said of it; a sentence where it cannot be. */
export function withoutConfiguration(
  policy: Policy,
  configuration: Configuration,
): Policy | string {
  if (configuration.goesBy !== undefined) {
    return `${configuration.id} goes by ${configuration.goesBy} here: change that.`;
  }
  const { [configuration.method]: _gone, ...methods } = policy.methods;
  return { ...policy, methods };
}

function stateOf(policy: Policy, methods: Methods, id: string): z.infer<typeof state> {
  const isOn = policy.methods[id]?.enabled ?? methods.get(id)?.offByDefault !== true;
  return isOn ? 'enabled' : 'disabled';
}

/** With the method's own defaults. */
function settingsOf(policy: Policy, methods: Methods, id: string): Entity {
  const read = methods.get(id)?.settings.safeParse(policy.methods[id]?.settings ?? {});
  return z.record(z.string(), z.unknown()).catch({}).parse(read?.data);
}

function featuresIn(
  { settings }: MethodPolicy,
  names: Readonly<Record<string, string>>,
  root: Root,
): Entity {
  const shown = (is: string): Entity => ({
    state: is,
    includeTarget: forEverybody,
    excludeTarget: forNobody,
  });
  const switches = Object.entries(names).map(([name, ours]) => {
    const is = settings[ours];
    return [name, shown(is === undefined ? 'default' : is === true ? 'enabled' : 'disabled')];
  });
  const fixed = Object.entries(fixedFeatures).map(([name, is]) => [name, shown(is)]);
  return Object.fromEntries(root === 'beta' ? [...switches, ...fixed] : switches);
}

function withFeatures(
  settings: MethodPolicy['settings'],
  { features: known = {} }: Configuration,
  asked: Features,
): MethodPolicy['settings'] | string {
  let changed = settings;
  for (const [
    name,
    { state: is, includeTarget: includes, excludeTarget: excludes },
  ] of Object.entries(asked)) {
    const isForAll =
      (includes === undefined || isDeepStrictEqual(includes, forEverybody)) &&
      (excludes === undefined || isDeepStrictEqual(excludes, forNobody));
    if (!isForAll) return `featureSettings/${name} is the same for everybody here.`;
    const ours = known[name];
    const fixed = fixedFeatures[name];
    if (ours === undefined) {
      if (fixed === undefined || (is !== 'default' && is !== fixed)) {
        return `featureSettings/${name} is always ${fixed ?? 'disabled'} here.`;
      }
      continue;
    }
    const { [ours]: _before, ...others } = changed;
    changed = is === 'default' ? others : { ...others, [ours]: is === 'enabled' };
  }
  return changed;
}

/** Targets with what is always so, in place of what was not said. `any` is whatever there is. */
function whole(
  { target: always }: Configuration,
  targets: readonly IncludeTarget[],
): IncludeTarget[] {
  return targets.map(({ '@odata.type': _type, authenticationMode: mode, ...rest }) => ({
    ...always,
    ...(mode === undefined || mode === 'any' ? {} : { authenticationMode: mode }),
    ...rest,
  }));
}

function strangeIn(
  { target: always }: Configuration,
  targets: readonly IncludeTarget[],
): string | undefined {
  const names = targets.flatMap(({ id: _id, targetType: _type, ...rest }) =>
    Object.keys(differing(rest, always)),
  );
  return unsettable([...new Set(names)].map((name) => `includeTargets/${name}`));
}
