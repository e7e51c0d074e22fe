import type { Translation } from '../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  greeting: (name: string) => `Beste ${name},`,
  notYou: 'Was u dit niet?',
  when: 'Wanneer',
  where: 'Netwerkadres',
  account: 'Account',
  what: 'Wat',
  methodRegistered: {
    subject: (organisation: string) =>
      `Er is een verificatiemethode toegevoegd aan uw account bij ${organisation}`,
    body: 'U kunt nu met deze methode bewijzen dat u het bent.',
    notYou:
      'Iemand anders kent misschien uw wachtwoord. Vertel het meteen aan uw beheerder en wijzig uw wachtwoord.',
  },
  methodRemoved: {
    subject: (organisation: string) =>
      `Er is een verificatiemethode verwijderd van uw account bij ${organisation}`,
    body: 'U kunt met deze methode niet meer bewijzen dat u het bent.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en kijk bij Beveiligingsgegevens op uw profiel.',
  },
  defaultMethodChanged: {
    subject: (organisation: string) =>
      `De standaardaanmeldingsmethode van uw account bij ${organisation} is gewijzigd`,
    body: 'Voortaan wordt u eerst op deze manier gevraagd.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en kijk bij Beveiligingsgegevens op uw profiel.',
  },
  tooManyWrong: {
    subject: (organisation: string) =>
      `Tien verkeerde verificatiecodes voor uw account bij ${organisation}`,
    body: 'Iemand voerde uw wachtwoord in en daarna tien verkeerde codes. Wij hebben dat voorlopig gestopt.',
    notYou:
      'Iemand anders kent uw wachtwoord. U kiest een nieuw wachtwoord wanneer u zich weer aanmeldt. Vertel het aan uw beheerder.',
  },
  fraudReported: {
    subject: (organisation: string) => `U hebt een aanmelding bij ${organisation} gemeld`,
    body: 'U hebt ons verteld dat een verzoek om u aan te melden niet van u was. Er is niemand binnengelaten.',
    notYou: 'Iemand anders kent uw wachtwoord. Uw beheerder kan u aan een nieuw wachtwoord helpen.',
  },
  passwordChanged: {
    subject: (organisation: string) =>
      `Het wachtwoord van uw account bij ${organisation} is gewijzigd`,
    body: 'U bent overal elders afgemeld.',
    notYou: 'Vertel het meteen aan uw beheerder: iemand anders heeft toegang tot uw account.',
  },
};
