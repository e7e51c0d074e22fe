/**
 * Owns the method *security key*: a key, a phone or this computer signs our question with a key that
 * never leaves it, after its owner typed a PIN or showed a finger or a face (WebAuthn, rows S-098,
 * S-122). What it signs names our origin, so nobody in between can use it (attack ATK-28).
 */
import { z } from 'zod';

import { defineMethod } from '../method.ts';
import { challenge } from './ceremony.ts';
import { alone } from './passkey.ts';
import { securityKeyKind } from './kind.ts';
import { begin, form, input } from './registration.ts';
import { answer } from './response.ts';
import { keySecret } from './secret.ts';
import { settings } from './settings.ts';
import { state } from './state.ts';
import { verify } from './verification.ts';
import { views } from './views.ts';

export const securityKey = defineMethod({
  id: 'security-key',
  registers: securityKeyKind,
  provesIn: ['sign-in', 'reset'],
  strength: 'phishing-resistant',
  // That a key was used (`pop`), and that its owner was there (`user`), is certain. `hwk`, `swk` and
  // `pin` would say where the key lives and how it knew its owner: only attestation tells the first,
  // which we do not ask for, and nothing tells the second.
  amr: ['pop', 'user'],
  icon: 'security-key',
  answeredBy: 'browser',
  together: true,
  sends: 'nothing',
  settings,
  secret: keySecret,
  state,
  answer: z.object({ credential: answer }),
  appliesTo: () => true,
  register: { input, form, begin },
  alone,
  // Asked without naming any: which keys an account has is nobody's to know.
  blind: {
    decoy: () => ({
      name: '-',
      credential: {
        id: 'AA',
        publicKey: 'AA',
        counter: 0,
        transports: [],
        aaguid: '',
        isBackupEligible: false,
        isBackedUp: false,
      },
    }),
  },
  challenge,
  verify,
  views,
});
