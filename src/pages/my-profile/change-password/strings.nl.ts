import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Wachtwoord wijzigen',
  intro: 'Daarna bent u overal elders afgemeld, en wordt geen apparaat nog vertrouwd.',
  appPasswords: 'Uw app-wachtwoorden blijven zoals ze zijn.',
  current: 'Huidig wachtwoord',
  currentHint: 'Om zeker te weten dat u het bent.',
  missing: 'Typ uw huidige wachtwoord.',
  wrong: 'Dat is niet uw huidige wachtwoord. Typ het opnieuw.',
  unavailable:
    'De directory van uw organisatie, waarin uw wachtwoord staat, antwoordt niet. Er is dus niets gewijzigd. Probeer het later opnieuw.',
  elsewhere: {
    body: 'Uw wachtwoord staat in de directory van uw organisatie en wordt dus niet hier gewijzigd.',
    ask: 'Wijzig het op een computer van uw organisatie, of vraag uw beheerder waar dat kan.',
    change: 'Daar wijzigen',
  },
  cancel: 'Annuleren',
  done: {
    title: 'Uw wachtwoord is gewijzigd',
    body: 'U bent overal elders afgemeld. We hebben u daarover een e-mail gestuurd.',
    profile: 'Naar uw profiel',
  },
};
