/** What each setting is called and means, by its path. The order is of no matter. */
import type { SettingWords } from './setting-word.ts';

export const en: Readonly<Record<string, SettingWords>> = {
  'organisation.name': {
    label: 'Name',
    help: 'On every page, in every text and mail, and first thing in a call. Up to 80 characters.',
    wrong: 'Type a name of up to 80 characters.',
  },
  'organisation.domain': {
    label: 'Mail domain',
    help: 'What user names end in: contoso.example.',
    wrong: 'Type a domain of up to 253 characters.',
  },
  'organisation.defaultLanguage': {
    label: 'Language',
    help: 'For whoever has no language set, and whose browser asks for none of ours.',
    values: { en: 'English', nl: 'Nederlands' },
  },
  'organisation.country': {
    label: 'Country or region',
    help: 'The first in lists of countries. Texts and calls go there unless you say otherwise.',
    wrong: 'Choose a country or region.',
  },
  'organisation.brandColour': {
    label: 'Colour',
    help: 'As # and six digits or letters: #0f5ea8. Where it would be hard to read it is made darker or lighter by itself.',
    wrong: 'Type a colour as # and six digits or letters from a to f, such as #0f5ea8.',
  },
  'organisation.helpLink': {
    label: 'Link to your help desk',
    help: 'On the Help page and where somebody cannot get in. An address that begins with https:// or mailto:.',
    wrong:
      'Type an address that begins with https:// or mailto:, such as https://help.example.com.',
  },
  'organisation.logo': { label: 'Logo', help: 'A PNG, JPEG or WebP of up to 32 KB.' },
  'organisation.signInText.en': {
    label: 'Text at sign-in, in English',
    help: 'On the first page of a sign-in: whom this is for, where to ask. Up to 300 characters.',
    wrong: 'Type no more than 300 characters.',
  },
  'organisation.signInText.nl': {
    label: 'Text at sign-in, in Dutch',
    help: 'Nothing is said to those who read Dutch where it is empty.',
    wrong: 'Type no more than 300 characters.',
  },
  'appPasswords.allowed': {
    label: 'Allow users to create app passwords to sign in to non-browser apps',
    help: 'For older apps that cannot show a second step. Only people who are enforced can make them.',
  },
  'appPasswords.expiryDays': {
    label: 'An app password ends after',
    unit: 'days',
    help: '0 means that it does not end. A lower number holds at once, also for those there are.',
  },
  'appPasswords.ownPassword': {
    label: 'Older apps may use the password of the account where no second step is asked',
    help: 'That is: of people who need no second step yet, and from trusted IP addresses until somebody has made an app password.',
  },
  trustedIps: {
    label: 'Skip the second step for requests from these IP address ranges',
    help: 'One range on each line, IPv4 or IPv6, up to 50: 192.0.2.0/24, 2001:db8::/32, or a single address.',
  },
  'trustedDevices.allowed': {
    label: 'Allow users to remember multi-factor authentication on devices they trust',
    help: 'They tick “Don’t ask again” at the second step. It never counts for a change in Security info, nor for anybody with a role.',
  },
  'trustedDevices.days': {
    label: 'A device is trusted for',
    unit: 'days',
    help: 'A lower number holds at once, also for devices that are trusted already.',
  },
  'methods.*.enabled': { label: 'People may use this method' },
  'methods.phone-call.enabled': { label: 'Call to phone' },
  'methods.text-message.enabled': { label: 'Text message to phone' },
  'methods.notification.enabled': { label: 'Notification through mobile app' },
  'methods.authenticator-code.enabled': {
    label: 'Verification code from mobile app or hardware token',
  },
  'methods.*.includedGroups': {
    label: 'Only for members of these groups',
    help: 'Choose none and leave it empty, and it is for everybody.',
  },
  'methods.*.excludedGroups': {
    label: 'Not for members of these groups',
    help: 'Whichever other groups they are in.',
  },
  'registration.windowDays': {
    label: 'The password alone may register a first method for',
    unit: 'days',
    help: 'Counted from when the second step was required of the person. After that they need a Temporary Access Pass or a trusted IP address.',
  },
  'registration.fromTrustedIpsOnly': {
    label: 'The password alone registers a first method from trusted IP addresses only',
    help: 'From elsewhere it takes a Temporary Access Pass. Name your ranges under Service settings first.',
  },
  'registration.campaign.enabled': {
    label: 'Ask people without an authenticator app to set one up',
    help: 'After a sign-in. They can put it off.',
  },
  'registration.campaign.includedGroups': {
    label: 'Ask only members of these groups',
    help: 'Choose none and leave it empty, and everybody is asked.',
  },
  'registration.campaign.excludedGroups': { label: 'Never ask members of these groups' },
  'registration.campaign.snoozeDays': {
    label: 'Who puts it off is asked again after',
    unit: 'days',
    help: '0 means at the next sign-in.',
  },
  'registration.campaign.snoozes': {
    label: 'It may be put off',
    unit: 'times',
    help: 'Only where it is required afterwards.',
  },
  'registration.campaign.requiredAfterwards': {
    label: 'It is required once it was put off so often',
  },
  'reset.allowedFor': {
    label: 'Self-service password reset',
    help: 'Who may choose a new password without the help desk. Everyone with a role proves two things and never answers questions.',
    values: { nobody: 'Nobody', group: 'Only members of one group', all: 'Everybody' },
  },
  'reset.group': {
    label: 'The group whose members may',
    help: 'Only used where you chose one group.',
    wrong: 'Choose the group whose members may.',
  },
  'reset.gates': {
    label: 'Number of methods required to reset',
    values: { 1: 'One', 2: 'Two different ones' },
  },
  'reset.methods': {
    label: 'Methods available to users',
    help: 'A notification is never the only one of a reset that takes one method.',
  },
  'reset.requireRegistration': {
    label: 'Require users to register when signing in',
    help: 'Who has too little for a reset is asked for more at the next sign-in.',
  },
  'reset.reconfirmDays': {
    label: 'Ask users to confirm what they registered every',
    unit: 'days',
    help: '0 means never.',
  },
  'reset.unlock': {
    label: 'Who knows their password may end a pause without a new one',
    help: 'After too many wrong passwords. They prove the same as for a reset.',
  },
  'reset.revokeAppPasswords': { label: 'A reset deletes the app passwords of the account' },
  'reset.notifyPerson': {
    label: 'Notify users on password resets',
    help: 'By mail to all their addresses.',
  },
  'reset.forRoles': {
    label: 'Also for people with a role',
    help: 'Where it is allowed to them above. Otherwise another administrator sets their password.',
  },
  'reset.notifyAdmins': {
    label: 'Notify all global administrators when somebody with a role resets theirs',
  },
  'reset.helpLink': {
    label: 'Custom help desk link for a reset',
    help: 'For whoever cannot reset. Leave it empty to use the link of the organisation.',
    wrong: 'Type an address that begins with https:// or mailto:, such as mailto:help@example.com.',
  },
  'fraud.blockOnReport': {
    label: 'Automatically block users who report fraud',
    help: 'Who says “it was not me” (0# on a call, or in the app) is blocked until somebody unblocks them.',
  },
  'fraud.blockDays': {
    label: 'Such a block lasts at most',
    unit: 'days',
  },
  'fraud.notify': {
    label: 'Mail addresses that are told of every report of fraud',
    help: 'One on each line, up to 20. Leave it empty, and your global and authentication administrators are told.',
  },
  passwordSuspicion: {
    label: 'After too many wrong second steps, or a report of fraud, the password must be changed',
    help: 'Whoever got as far as the second step knew the password. Its owner chooses a new one at the next complete sign-in.',
  },
  'administration.secondApproval': {
    label: 'What is done to somebody with a role waits for a second administrator',
    help: 'Until another one who may do the same has agreed, nothing happens.',
  },
  'administration.helpDeskIssuesPasses': {
    label: 'The help desk may make Temporary Access Passes',
    help: 'For people without a role only. Whoever makes a pass sees it, and could sign in with it.',
  },
  systemPreferred: {
    label: 'Ask first for the strongest method that somebody has',
    help: 'Instead of the default that they chose. They can still sign in another way.',
  },
  'lockout.wrongSteps': {
    label: 'Number of wrong second steps that lead to a pause',
    help: 'Of one person within 24 hours, with all methods together.',
  },
  'lockout.pauseMinutes': {
    label: 'The first pause takes',
    unit: 'minutes',
    help: 'Each further pause takes twice as long.',
  },
  'lockout.longestPauseHours': {
    label: 'No pause takes longer than',
    unit: 'hours',
  },
  'sessions.absoluteHours': {
    label: 'A session ends at the latest after',
    unit: 'hours',
    help: 'Counted from the sign-in. Fewer hours hold at once, also for the sessions there are.',
  },
  'sessions.idleMinutes': {
    label: 'A session that is not used ends after',
    unit: 'minutes',
  },
  'sessions.adminAbsoluteHours': {
    label: 'Of people with a role, at the latest after',
    unit: 'hours',
  },
  'sessions.adminIdleMinutes': {
    label: 'Of people with a role, not used, after',
    unit: 'minutes',
  },
  'sessions.staySignedIn.allowed': {
    label: 'Ask “Stay signed in?”',
    help: 'Nobody with a role is asked.',
  },
  'sessions.staySignedIn.days': {
    label: 'Who says yes stays signed in for',
    unit: 'days',
  },
  'passwords.banned': {
    label: 'Words that no password may be made of',
    help: 'One on each line, from 4 to 40 characters, up to 1,000: your products, your streets, the name of the team.',
  },
  'delivery.countries': {
    label: 'Countries or regions that texts and calls may go to',
    help: 'Two letters on each line: NL, BE, DE. Leave it empty for your own country only.',
  },
  'delivery.blockedNumbers': {
    label: 'Numbers that nothing is sent to',
    help: 'One on each line, whole or as they begin: +88213. Blocks of numbers that nobody answers from are closed by themselves; numbers that cost extra cannot be registered.',
  },
  'delivery.dayBudget': {
    label: 'Texts and calls in 24 hours, for everybody together',
    help: 'When it is used up, people are offered their other methods.',
  },
  'delivery.perPersonHour': { label: 'Texts and calls to one person in an hour' },
  'delivery.perNumberDay': {
    label: 'Texts and calls to one number in 24 hours',
    help: 'Whoever asks for them, so that nobody can be bothered with them.',
  },
  'delivery.secondsApart': {
    label: 'Another text or call may be asked for after',
    unit: 'seconds',
  },
  'delivery.textPrice': {
    label: 'What one text costs, about',
    help: 'For the report of texts and calls only: 0.08. Left empty, the report counts and tells no costs.',
    wrong: 'Type a price in digits alone, such as 0.08, or leave it empty.',
  },
  'delivery.callPrice': {
    label: 'What one call costs, about',
    help: 'For the report only: 0.12.',
    wrong: 'Type a price in digits alone, such as 0.12, or leave it empty.',
  },
  'delivery.currency': {
    label: 'Currency of these prices',
    help: 'Three capital letters: EUR.',
    wrong: 'Type the three capital letters of a currency, such as EUR.',
  },
  'methods.email.settings.ownMailbox': {
    label: 'The mailbox of the account itself may be used',
    help: 'Whoever forgot its password cannot read it, unless it is kept elsewhere.',
  },
  'methods.notification.settings.pin': {
    label: 'Approving asks for a PIN',
    help: 'It is chosen when the app is set up. Apps that have none by then must be set up anew.',
  },
  'methods.notification.settings.showApplication': {
    label: 'Show the name of the application in the app',
  },
  'methods.notification.settings.showPlace': {
    label: 'Show in the app where the sign-in comes from',
    help: 'The IP address.',
  },
  'methods.phone-call.settings.confirmation': {
    label: 'What the person presses',
    help: 'People with a role always type the digits.',
    values: { hash: 'The pound key (#)', digits: 'The two digits on the page, then #' },
  },
  'methods.phone-call.settings.reportKey': {
    label: 'The key that reports fraud, before #',
    help: 'One digit; the call names it. 0 unless you say otherwise.',
    wrong: 'Type one digit.',
  },
  'methods.phone-call.settings.officePhoneTyped': {
    label: 'Somebody without an office number in the directory may type one',
  },
  'methods.security-key.settings.passwordless': {
    label: 'A security key or passkey may take the place of the password',
    help: 'People can then sign in with it alone.',
  },
  'methods.security-questions.settings.register': {
    label: 'Number of questions required to register',
    wrong: 'There are not as many questions to choose from. Allow more of ours, or add your own.',
  },
  'methods.security-questions.settings.reset': {
    label: 'Number of questions required to reset',
    help: 'No more than are registered. They are drawn at random.',
    wrong: 'No more can be asked than are registered.',
  },
  'methods.security-questions.settings.withheld': {
    label: 'Questions of ours that may not be chosen',
  },
  'methods.security-questions.settings.custom': {
    label: 'Questions of your own',
    help: 'One on each line, as it is to be read, up to 20. They are shown in the language you write them in.',
  },
  'methods.temporary-access-pass.settings.minutes': {
    label: 'A pass is good for',
    unit: 'minutes',
    help: 'Unless whoever makes it says otherwise. 60 is an hour, 1440 a day.',
  },
  'methods.temporary-access-pass.settings.longestMinutes': {
    label: 'At most',
    unit: 'minutes',
    help: '43200 is 30 days.',
  },
  'methods.temporary-access-pass.settings.length': { label: 'Length', unit: 'characters' },
  'methods.temporary-access-pass.settings.once': {
    label: 'Good for one sign-in only',
    help: 'Unless whoever makes it says otherwise.',
  },
  'methods.text-message.settings.reply': {
    label: 'People may reply to the text with the two digits on the page',
    help: 'Besides typing the code. It works where your provider delivers replies.',
  },
  strengths: {
    label: 'Authentication strengths',
    help: 'Which combinations of methods are enough for whoever asks for one by its name.',
  },
  sites: {
    label: 'What sites behind a proxy require',
    help: 'At least; of the others, each person’s state decides.',
  },
};
