/**
 * Owns the document in which an organisation decides: which methods, for whom, how strict. Edited by
 * administrators, versioned, audited. What each method may be told is the method's own schema.
 */
import { z } from 'zod';

import { isMailAddress } from '../accounts/new-user.ts';
import { parseCidr } from '../lib/ip.ts';
import { imageIn } from '../lib/raster-image.ts';

const methodPolicy = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe('Whether anybody may use this method. Unless said, all may but security questions.'),
  includedGroups: z
    .array(z.string())
    .default([])
    .describe('Only members of these groups may use it; empty = everybody may.'),
  excludedGroups: z
    .array(z.string())
    .default([])
    .describe('Members of these groups may not use it, whichever other groups they are in.'),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("The method's own settings; see its page in docs/configuration.md."),
});

/** Of 32 KB, in the address that holds it. */
const longestLogo = 43_800;

const days = (from: number, to: number) => z.int().min(from).max(to);

/** A price with a point; text, since a tenth is no number of a computer. */
export const pricePattern = /^\d{1,4}(?:\.\d{1,4})?$/;
const price = z.string().regex(pricePattern, 'Write a price with a point: 0.08.');

/** The whole policy of an organisation. Every field has a default, so an empty object is a policy. */
export const policySchema = z.strictObject({
  organisation: z
    .strictObject({
      name: z
        .string()
        .min(1)
        .max(80)
        .default('Tweestap')
        .describe('On every page, in every text, first thing in a call.'),
      domain: z
        .string()
        .min(1)
        .max(253)
        .default('localhost')
        .describe('The mail domain that user names end in.'),
      defaultLanguage: z
        .enum(['en', 'nl'])
        .default('en')
        .describe('For whoever has no language set and asks for none of ours.'),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .default('NL')
        .describe('ISO 3166 code: the first country in lists, and where texts may go.'),
      brandColour: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/)
        .default('#0f5ea8')
        .describe('Corrected by itself where it would be hard to read.'),
      helpLink: z
        .string()
        .max(500)
        .regex(/^(?:https?:\/\/|mailto:)\S+$/)
        .optional()
        .describe('Where people find their own help desk: an https: or mailto: address.'),
      logo: z
        .string()
        .max(longestLogo)
        .refine((address) => imageIn(address) !== null, 'This is no picture of ours.')
        .optional()
        .describe(
          'On every page beside the name: a PNG, JPEG or WebP of up to 32 KB as a data: address.',
        ),
      signInText: z
        .strictObject({
          en: z.string().max(300).optional().describe('In English.'),
          nl: z.string().max(300).optional().describe('In Dutch.'),
        })
        .prefault({})
        .describe('Said on the first page of a sign-in.'),
    })
    .prefault({}),
  methods: z.record(z.string(), methodPolicy).default({}),
  appPasswords: z
    .strictObject({
      allowed: z.boolean().default(false).describe('Row A-040: off in a new organisation.'),
      expiryDays: days(0, 3650)
        .default(0)
        .describe(
          '0 = they do not expire. A lower number holds at once, also for those there are.',
        ),
      ownPassword: z
        .boolean()
        .default(true)
        .describe(
          "Whether older apps may use the account's own password: of people who need no second step yet (row A-001), and on trustedIps until one has made an app password (row E-087).",
        ),
    })
    .prefault({}),
  trustedIps: z
    .array(
      z.string().refine((range) => parseCidr(range) !== null, 'This is no range of addresses.'),
    )
    .max(50)
    .default([])
    .describe('CIDR ranges without a second step.'),
  strengths: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,49}$/)
          .describe('What applications require it by: small letters, digits and hyphens.'),
        name: z.string().trim().min(1).max(80).describe('What people in charge call it.'),
        combinations: z
          .array(z.array(z.string()).min(1).max(4))
          .min(1)
          .max(40)
          .describe(
            'Lists of methods, `password` among them; whoever proves all of one list has proved enough.',
          ),
      }),
    )
    .max(40)
    .default([])
    .describe(
      'Row A-079: authentication strengths of your own, beside second-step, passwordless and phishing-resistant.',
    ),
  sites: z
    .array(
      z.strictObject({
        site: z
          .string()
          .regex(/^https?:\/\/[^\s/]+$/)
          .describe('Its origin, as in forwardAuth.sites.'),
        required: z
          .string()
          .describe('What a sign-in to it must prove: an authentication strength, or `password`.'),
      }),
    )
    .max(200)
    .default([])
    .describe(
      "What sites behind a proxy require at least; of the others, each person's state decides.",
    ),
  systemPreferred: z
    .boolean()
    .default(false)
    .describe(
      'Row A-075: whether people are asked first for the strongest that they have, instead of what they chose.',
    ),
  registration: z
    .strictObject({
      windowDays: days(0, 365)
        .default(14)
        .describe('How long after it is required the password alone may register a first method.'),
      fromTrustedIpsOnly: z
        .boolean()
        .default(false)
        .describe(
          'Row A-081: whether the password alone registers a first method on trustedIps only; from elsewhere it takes a Temporary Access Pass.',
        ),
      campaign: z
        .strictObject({
          enabled: z
            .boolean()
            .default(false)
            .describe(
              'Row A-076: whether people without an authenticator app or a security key are asked, after a sign-in, to set an app up.',
            ),
          includedGroups: z
            .array(z.string())
            .default([])
            .describe('Only members of these groups are asked; empty = everybody is.'),
          excludedGroups: z
            .array(z.string())
            .default([])
            .describe('Members of these groups are never asked.'),
          snoozeDays: days(0, 14)
            .default(1)
            .describe('How long nobody is asked again who put it off; 0 = until the next sign-in.'),
          snoozes: z
            .int()
            .min(0)
            .max(20)
            .default(3)
            .describe('How often it may be put off, where it is required afterwards.'),
          requiredAfterwards: z
            .boolean()
            .default(false)
            .describe('Whether it must be set up once it was put off so often.'),
        })
        .prefault({}),
    })
    .prefault({}),
  delivery: z
    .strictObject({
      countries: z
        .array(z.string().regex(/^[A-Z]{2}$/))
        .default([])
        .describe('Countries that texts and calls may go to; empty = only the own country.'),
      blockedNumbers: z
        .array(z.string().regex(/^\+[1-9]\d{2,14}$/))
        .max(200)
        .default([])
        .describe('Numbers that nothing is sent to, whole or as they begin: +88213, +31612345678.'),
      dayBudget: z
        .int()
        .min(0)
        .default(5000)
        .describe('Texts and calls in 24 hours, for everyone together.'),
      perPersonHour: z
        .int()
        .min(1)
        .max(60)
        .default(5)
        .describe('Texts and calls to one person in an hour.'),
      perNumberDay: z
        .int()
        .min(1)
        .max(200)
        .default(10)
        .describe('Texts and calls to one number in 24 hours, whoever asks.'),
      secondsApart: z
        .int()
        .min(10)
        .max(600)
        .default(30)
        .describe('How long after one text or call the next may be asked for.'),
      textPrice: price.optional().describe('What one text costs about, for the report: 0.08.'),
      callPrice: price.optional().describe('What one call costs about, for the report: 0.12.'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .default('EUR')
        .describe('ISO 4217 code of those prices.'),
    })
    .prefault({}),
  fraud: z
    .strictObject({
      blockOnReport: z
        .boolean()
        .default(true)
        .describe('Whether "it was not me" (0# on a call) blocks the account.'),
      blockDays: days(1, 3650).default(90).describe('For how long, unless somebody unblocks it.'),
      notify: z
        .array(z.string().refine(isMailAddress, 'This is no mail address.'))
        .max(20)
        .default([])
        .describe(
          'Row A-054: mail addresses that are told of every report; empty = global and authentication administrators.',
        ),
    })
    .prefault({}),
  trustedDevices: z
    .strictObject({
      allowed: z
        .boolean()
        .default(false)
        .describe('Row A-043: whether people may say "Don\'t ask again" at the second step.'),
      days: days(1, 365)
        .default(30)
        .describe(
          'How long a device is trusted. A lower number holds at once, also for those there are.',
        ),
    })
    .prefault({}),
  reset: z
    .strictObject({
      allowedFor: z
        .enum(['nobody', 'group', 'all'])
        .default('nobody')
        .describe('Row A-090: who may reset a forgotten password without the help desk.'),
      group: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('The group whose members may, where only they may.'),
      forRoles: z
        .boolean()
        .default(true)
        .describe(
          'Row A-098: whether somebody with a role may as well, where the above lets them; else only another administrator sets theirs.',
        ),
      gates: z
        .union([z.literal(1), z.literal(2)])
        .default(2)
        .describe('How many different things must be proved. Everyone with a role proves two.'),
      methods: z
        .array(z.string())
        .optional()
        .describe('Which methods may be used (row A-092); unless said, all that can be.'),
      requireRegistration: z
        .boolean()
        .default(false)
        .describe('Whether people are asked at sign-in to register what a reset needs.'),
      reconfirmDays: days(0, 730)
        .default(180)
        .describe('After so many days they are asked whether it is still right; 0 = never.'),
      unlock: z
        .boolean()
        .default(true)
        .describe('Whether somebody who knows the password may end a pause without a new one.'),
      revokeAppPasswords: z
        .boolean()
        .default(true)
        .describe('Whether a reset ends the app passwords of the account.'),
      notifyPerson: z
        .boolean()
        .default(true)
        .describe('Whether a mail goes to all addresses of the person.'),
      notifyAdmins: z
        .boolean()
        .default(true)
        .describe('Whether all global admins hear of it when somebody with a role resets theirs.'),
      helpLink: z
        .string()
        .max(500)
        .regex(/^(?:https?:\/\/|mailto:)\S+$/)
        .optional()
        .describe("Where those go who cannot reset; unless said, the organisation's own."),
    })
    .refine(({ allowedFor, group }) => allowedFor !== 'group' || group !== undefined, {
      path: ['group'],
      message: 'Name the group whose members may.',
    })
    .prefault({}),
  passwords: z
    .strictObject({
      banned: z
        .array(z.string().trim().min(4).max(40))
        .max(1000)
        .default([])
        .describe('Words that no password may be made of: products, places, the name of the team.'),
    })
    .prefault({}),
  passwordSuspicion: z
    .boolean()
    .default(true)
    .describe(
      'After too many wrong second steps, or a report of fraud, the password must be changed at the next sign-in.',
    ),
  administration: z
    .strictObject({
      secondApproval: z
        .boolean()
        .default(false)
        .describe(
          'Whether what is done to somebody with a role waits until a second administrator agrees.',
        ),
      helpDeskIssuesPasses: z
        .boolean()
        .default(false)
        .describe(
          'Whether the help desk makes Temporary Access Passes, for people without a role: it then sees a way in.',
        ),
    })
    .prefault({}),
  lockout: z
    .strictObject({
      wrongSteps: z
        .int()
        .min(3)
        .max(20)
        .default(10)
        .describe(
          'Row A-050: so many wrong second steps of one person in 24 hours end in a pause.',
        ),
      pauseMinutes: z
        .int()
        .min(5)
        .max(60)
        .default(15)
        .describe('How long the first pause takes; each further one takes twice as long.'),
      longestPauseHours: z
        .int()
        .min(1)
        .max(168)
        .default(24)
        .describe('And no pause takes longer than this.'),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      absoluteHours: z
        .number()
        .min(0.1)
        .max(720)
        .default(24)
        .describe(
          'A session ends this long after it began. Shorter ones, here and below, hold at once.',
        ),
      idleMinutes: z
        .int()
        .min(1)
        .max(43_200)
        .default(60)
        .describe('And this long after it was last used.'),
      adminAbsoluteHours: z
        .number()
        .min(0.1)
        .max(720)
        .default(12)
        .describe('The same for everyone with a role.'),
      adminIdleMinutes: z
        .int()
        .min(1)
        .max(43_200)
        .default(15)
        .describe('The same for everyone with a role.'),
      staySignedIn: z
        .strictObject({
          allowed: z
            .boolean()
            .default(false)
            .describe('Whether people are asked "Stay signed in?". Nobody with a role ever is.'),
          days: days(1, 365)
            .default(30)
            .describe('How long a session lasts of whoever says yes, used or not.'),
        })
        .prefault({}),
    })
    .prefault({}),
});
