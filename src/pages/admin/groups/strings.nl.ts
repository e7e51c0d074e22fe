import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Groepen',
  intro:
    'Een groep is er zodra er iemand bij hoort. Open een groep om de mensen te zien; met de snelle stappen daar wijzigt u haar.',
  none: 'Nog niemand hoort bij een groep',
  noneBody: 'Selecteer mensen in Gebruikers en druk op ‘Groepen wijzigen’.',
  columns: { name: 'Groep', people: 'Mensen', registered: 'Geregistreerd', share: 'Aandeel' },
  change:
    'Een groep maken, hernoemen of opheffen: selecteer mensen in Gebruikers en druk op ‘Groepen wijzigen’.',
  toUsers: 'Gebruikers',
};
