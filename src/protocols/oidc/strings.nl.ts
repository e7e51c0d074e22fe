import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  signOut: {
    title: 'Afmelden?',
    askedBy: (application) => `${application} vraagt ons om u af te melden.`,
    means: (organisation) =>
      `U wordt in deze browser afgemeld bij ${organisation}, en bij de apps die u van hieruit hebt geopend.`,
    yes: 'Afmelden',
    no: 'Aangemeld blijven',
  },
  signedOut: {
    title: 'U bent afgemeld',
    means: 'We hebben het gemeld aan de apps die u van hieruit hebt geopend.',
    shared: 'Sluit op een computer die ook anderen gebruiken alle vensters van deze browser.',
    opens: (application) => `Een ogenblik, ${application} wordt vanzelf geopend.`,
    back: (application) => `Terug naar ${application}`,
    again: 'Opnieuw aanmelden',
  },
  refused: {
    title: 'We kunnen deze app niet openen',
    happened: 'De app vroeg om uw aanmelding op een manier die we niet kunnen beantwoorden.',
    now: 'Ga terug naar de app en probeer het opnieuw. Gebeurt het weer, laat deze pagina dan aan uw beheerder zien.',
  },
  reference: 'Referentie',
};
