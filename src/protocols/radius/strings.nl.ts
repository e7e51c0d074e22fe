import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  unavailable: 'De directory van de organisatie antwoordt niet. Probeer het later opnieuw.',
  wrong: 'Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar.',
  wrongAppPassword:
    'Deze gebruikersnaam en dit app-wachtwoord horen niet bij elkaar. Uw gewone wachtwoord is hier misschien niet genoeg: maak een app-wachtwoord onder Mijn profiel.',
  paused: (time) => `Te vaak een verkeerd wachtwoord. Probeer het over ${time} opnieuw.`,
  stepsPaused: (time) =>
    `Bij de tweede stap is te vaak verkeerd geantwoord. Probeer het over ${time} opnieuw. Was u dit niet, vertel het dan uw beheerder.`,
  pausedNow: 'Te vaak een verkeerd wachtwoord. Probeer het later opnieuw.',
  blocked: {
    'account-disabled': 'Uw account is uitgeschakeld. Vraag uw beheerder als u het nodig hebt.',
    'account-blocked': 'Uw account is geblokkeerd. Vraag uw beheerder om het te deblokkeren.',
    'no-method':
      'Geen van uw verificatiemethoden werkt hier. Vraag uw beheerder, die u aan een andere kan helpen.',
    'registration-closed':
      'Uw account heeft aanvullende beveiligingsverificatie nodig. Vraag uw beheerder om die in te stellen.',
  },
  setUp: (address) =>
    `Uw account heeft aanvullende beveiligingsverificatie nodig. Stel die eerst in een browser in: ${address}`,
  changePassword: (address) =>
    `Uw wachtwoord moet worden gewijzigd. Doe dat eerst in een browser: ${address}`,
  over: 'Deze aanmelding is voorbij. Begin opnieuw.',
  codeBehind:
    'Typ de code van uw authenticator-app direct achter uw wachtwoord, in hetzelfde veld.',
  passwordOnly: 'Deze manier van vragen wordt niet ondersteund. Uw beheerder moet PAP instellen.',
  asked: (title, where) => `${title} (${where}).`,
  askedHere: (title) => `${title}.`,
  number: (number) =>
    `De cijfers zijn ${number}. Doe dat eerst en ga dan hier verder; u hoeft niets te typen.`,
  otherWays: (ways) => `Op een andere manier aanmelden: typ ${ways}.`,
  choose: (ways) => `Kies hoe u zich aanmeldt: typ ${ways}.`,
  way: (number, title) => `${number} voor "${title}"`,
  or: 'of',
  limit: (time) => `Het volgende bericht of de volgende oproep kan over ${time}.`,
  requestOpen: (time) =>
    `In uw app wacht nog een verzoek. Beantwoord dat, of probeer het over ${time} opnieuw.`,
  budget: 'Uw organisatie heeft de grens van sms-berichten en oproepen voor vandaag bereikt.',
  numberBlock: 'Uw organisatie stuurt op dit moment niets naar nummers zoals dat.',
  country: 'Uw organisatie stuurt niets meer naar het land van die telefoon.',
};
