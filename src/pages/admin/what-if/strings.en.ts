import type { PerUserMfaState } from '../../../accounts/user.ts';
import type { MethodStanding } from '../../../policies/policy.ts';

/** What the page "What if" says. */
export const en = {
  title: 'What if',
  intro:
    'What would happen if somebody signed in now? The answer comes from the very code that decides the real sign-ins. Nothing is sent and nothing is changed.',
  person: 'User name of the person',
  personHint: 'Their whole user name.',
  application: 'Signs in to',
  myProfile: 'My Profile',
  address: 'From this IP address',
  addressHint: (own: string) => `Yours is ${own}.`,
  device: 'On this device',
  unknownDevice: 'A device that nobody knows',
  ask: 'Show what would happen',
  missing: 'Type whose sign-in it is.',
  nobody: 'There is nobody with this user name. Type it in full.',
  noAddress: 'This is no IP address. Type one such as 203.0.113.7 or 2001:db8::7.',
  result: (name: string) => `If ${name} signed in`,
  steps: {
    'password-typed': 'They type their user name and password.',
    passkey: 'A security key takes the place of name and password.',
    register:
      'They are asked to set up this account for additional security verification, and do not get in before that is finished.',
    change: 'They must choose another password.',
    prepareRegister:
      'They are asked to register what a reset of the password needs. It can be put off.',
    prepareConfirm: 'They are asked whether what a reset needs is still right. It can be put off.',
    campaign:
      'The registration campaign asks them to set up an authenticator app. It can be put off.',
    campaignRequired:
      'The registration campaign asks them to set up an authenticator app, which cannot be put off any more.',
    missing:
      'They must register another method first: nothing that they have proves what is asked.',
    stay: 'They are asked whether they want to stay signed in.',
    finish: 'They are in.',
    choose: 'They choose how to prove that it is them.',
    start: (label: string) => `This is asked at once: ${label}.`,
    others: (labels: string) => `They can choose another way: ${labels}.`,
    alone: (names: string) => `They may use this in place of name and password: ${names}.`,
    paused: (until: string) => `Second steps are paused until ${until}: too many were wrong.`,
    blocked: {
      'account-disabled': 'They do not get in: the account is switched off.',
      'account-blocked': 'They do not get in: the account is blocked.',
      'no-method': 'They do not get in: nothing that they have registered is allowed here.',
      'registration-closed':
        'They do not get in: nothing is registered, and the time to register with the password alone is over. A Temporary Access Pass helps.',
    },
    other: 'Something else is asked.',
  },
  why: 'Why',
  reasons: {
    state: {
      disabled: 'Their multi-factor state is disabled: it asks for no second step.',
      enabled:
        'Their multi-factor state is enabled: a second step is asked, and registration until it is finished.',
      enforced: 'Their multi-factor state is enforced: a second step is asked.',
    } satisfies Record<PerUserMfaState, string>,
    application: (required: string) => `The application asks for more: ${required}.`,
    trustedIp: (range: string) =>
      `The address is in ${range}, which is trusted: the state asks for no second step there.`,
    trustedDevice: 'The device is trusted: the state asks for no second step on it.',
    suspect: 'The password must be changed, so it is not enough by itself.',
  },
  see: {
    state: 'Their state',
    trustedIps: 'Trusted IPs',
    devices: 'Their devices',
    applications: 'Applications',
  },
  methods: 'Methods for this person',
  columns: { method: 'Method', allowed: 'Policy', registered: 'Registered' },
  standings: {
    allowed: 'Allowed',
    off: 'Off for everybody like them',
    'excluded-group': 'Excluded, by a group',
    'not-included': 'Not among the groups that may',
  } satisfies Record<MethodStanding, string>,
  yes: 'Yes',
  no: 'No',
};
