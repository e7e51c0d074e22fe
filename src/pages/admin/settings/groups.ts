/** Owns which settings stand on which page, and in which part of it. */
import { listCountries } from '../../../i18n/format.ts';
import type { Methods } from '../../../methods/method.ts';
import { policySchema } from '../../../policies/policy-schema.ts';
import { fieldsOf, type SettingField } from './fields.ts';
import { inBoxes } from './group-names.ts';

/** The pages that are drawn from the schema alone, in the order of the overview. */
export const groupIds = [
  'organisation',
  'service',
  'registration',
  'reset',
  'fraud',
  'sessions',
  'deliveries',
  'administration',
] as const;
export type GroupId = (typeof groupIds)[number];

export interface SectionOf {
  /** Its heading is the word of this name. */
  readonly id: string;
  readonly fields: readonly SettingField[];
}

/**
 * The parts of each page, and what stands in them: every setting whose path begins so, and that no other
 * part names more exactly. What is not in the policy yet is passed over.
 */
const sections: Readonly<Record<GroupId, Readonly<Record<string, readonly string[]>>>> = {
  organisation: { organisation: ['organisation'] },
  service: {
    appPasswords: ['appPasswords'],
    trustedIps: ['trustedIps'],
    trustedDevices: ['trustedDevices'],
    verification: [],
    systemPreferred: ['systemPreferred'],
  },
  registration: { registration: ['registration'], campaign: ['registration.campaign'] },
  reset: { reset: ['reset'] },
  fraud: { fraud: ['fraud'], lockout: ['lockout', 'passwordSuspicion'] },
  sessions: { sessions: ['sessions'], passwords: ['passwords'] },
  deliveries: { delivery: ['delivery'] },
  administration: { administration: ['administration'] },
};

/** The four of row A-042, in its order. */
const verificationOptions = [
  'phone-call',
  'text-message',
  'notification',
  'authenticator-code',
] as const;

/** The parts of a page with their fields. */
export function sectionsOf(
  group: GroupId,
  known: { readonly methods: Methods; readonly groupNames: readonly string[] },
): readonly SectionOf[] {
  const parts = Object.entries(sections[group]);
  const starts = parts.flatMap(([, of]) => of);
  const startOf = (path: string): string | undefined =>
    starts
      .filter((start) => path === start || path.startsWith(`${start}.`))
      .toSorted((one, other) => other.length - one.length)[0];
  const all = fieldsOf(policySchema);
  return sectionsWith(
    parts.map(([id, of]) => ({
      id,
      fields:
        id === 'verification'
          ? verificationFields(known.methods)
          : all
              .filter(({ path }) => of.some((start) => start === startOf(path)))
              .map((field) => withKnown(field, known)),
    })),
  );
}

/** Whether a page lets one choose among the groups of people. */
export function takesGroups(group: GroupId, methods: Methods): boolean {
  return sectionsOf(group, { methods, groupNames: [] })
    .flatMap(({ fields }) => fields)
    .some(({ shape }) => shape.kind === 'names' || shape.kind === 'name');
}

/** Only what can be drawn; a part without any field is left out. */
export function sectionsWith(all: readonly SectionOf[]): readonly SectionOf[] {
  return all
    .map(({ id, fields }) => ({ id, fields: fields.filter(({ shape }) => shape.kind !== 'other') }))
    .filter(({ fields }) => fields.length > 0);
}

/** Parts of the policy whose pages are not drawn from the schema alone. */
const drawnByHand: readonly string[] = ['methods', 'strengths', 'sites'];

/** Whether a part of the policy has a page. */
export function hasPage(key: string): boolean {
  const drawn = groupIds.flatMap((group) => Object.values(sections[group]).flat());
  return drawn.includes(key) || drawnByHand.includes(key);
}

function verificationFields(methods: Methods): readonly SettingField[] {
  return verificationOptions.flatMap((id) => {
    const method = methods.get(id);
    if (method === undefined) return [];
    return [
      {
        path: `methods.${id}.enabled`,
        shape: { kind: 'yes-no' },
        isOptional: true,
        fallback: !method.offByDefault,
      },
    ];
  });
}

/** What the schema leaves open because only the installation knows it. */
function withKnown(
  field: SettingField,
  { methods, groupNames }: { readonly methods: Methods; readonly groupNames: readonly string[] },
): SettingField {
  if (field.path === 'organisation.logo') return { ...field, shape: { kind: 'other' } };
  if (namesGroups(field)) return { ...field, shape: { kind: 'names', known: inBoxes(groupNames) } };
  if (field.path === 'reset.group') {
    return { ...field, shape: { kind: 'name', known: groupNames } };
  }
  if (field.path === 'organisation.country') {
    return { ...field, shape: { kind: 'choice', values: countryCodes() } };
  }
  if (field.path !== 'reset.methods') return field;
  const values = methods.all.filter(({ provesIn }) => provesIn.includes('reset'));
  const ids = values.map(({ id }) => id);
  return { ...field, shape: { kind: 'several', values: ids }, fallback: ids };
}

/** Whether a setting is a list of groups of people. */
export function namesGroups({ path, shape }: SettingField): boolean {
  return shape.kind === 'lines' && path.endsWith('Groups');
}

function countryCodes(): readonly string[] {
  return listCountries('en').map(({ code }) => code);
}
