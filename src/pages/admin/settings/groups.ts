/** Owns which settings stand on which page, and in which part of it. */
import { listCountries } from '../../../i18n/format.ts';
import type { Methods } from '../../../methods/method.ts';
import { policySchema } from '../../../policies/policy.ts';
import { fieldsOf, type SettingField } from './fields.ts';

/** The pages that are drawn from the schema alone, in the order of the overview. */
export const groupIds = [
  'organisation',
  'service',
  'registration',
  'reset',
  'fraud',
  'sessions',
  'strengths',
  'deliveries',
  'administration',
] as const;
export type GroupId = (typeof groupIds)[number];

export interface SectionOf {
  /** Its heading is the word of this name. */
  readonly id: string;
  readonly fields: readonly SettingField[];
}

/** The parts of each page, and the keys of the policy that stand in them. A key that is not there yet is passed over. */
const sections: Readonly<Record<GroupId, Readonly<Record<string, readonly string[]>>>> = {
  organisation: { organisation: ['organisation'] },
  service: {
    appPasswords: ['appPasswords'],
    trustedIps: ['trustedIps'],
    trustedDevices: ['trustedDevices'],
    verification: [],
  },
  registration: { registration: ['registration'], campaign: ['campaign'] },
  reset: { reset: ['reset'] },
  fraud: { fraud: ['fraud'], lockout: ['lockout', 'passwordSuspicion'] },
  sessions: { sessions: ['sessions'], passwords: ['passwords'] },
  strengths: { strengths: ['strengths'], sites: ['sites'] },
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

/** The parts of a page with their fields; a part without any is left out. */
export function sectionsOf(group: GroupId, methods: Methods): readonly SectionOf[] {
  const all = fieldsOf(policySchema);
  return Object.entries(sections[group])
    .map(([id, keys]) => ({
      id,
      fields:
        id === 'verification'
          ? verificationFields(methods)
          : keys
              .flatMap((key) => all.filter(({ path }) => keyOf(path) === key))
              .filter(({ shape }) => shape.kind !== 'other')
              .map((field) => withKnown(field, methods)),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** The page on which a key of the policy is found; undefined for one that has none yet. */
export function groupOfKey(key: string): GroupId | undefined {
  return groupIds.find((group) => Object.values(sections[group]).flat().includes(key));
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
function withKnown(field: SettingField, methods: Methods): SettingField {
  if (field.path === 'organisation.country') {
    return { ...field, shape: { kind: 'choice', values: countryCodes() } };
  }
  if (field.path !== 'reset.methods') return field;
  const values = methods.all.filter(({ provesIn }) => provesIn.includes('reset'));
  const ids = values.map(({ id }) => id);
  return { ...field, shape: { kind: 'several', values: ids }, fallback: ids };
}

function countryCodes(): readonly string[] {
  return listCountries('en').map(({ code }) => code);
}

function keyOf(path: string): string {
  return path.split('.', 1)[0] ?? '';
}
