import type { Translation } from '../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  skipToContent: 'Naar de inhoud',
  errorTitle: (title) => `Fout: ${title}`,
  errorLead: 'Fout:',
  errorSummary: 'Er is een probleem',
  notYou: 'Bent u dit niet?',
  signOut: 'Afmelden',
  signedInAs: 'Aangemeld als',
  menu: 'Menu',
  close: 'Sluiten',
  mainNavigation: 'Hoofdnavigatie',
  language: 'Taal',
  optional: 'optioneel',
  show: 'Tonen',
  hide: 'Verbergen',
  showPassword: 'Wachtwoord tonen',
  hidePassword: 'Wachtwoord verbergen',
  copy: 'Kopiëren',
  print: 'Afdrukken',
  download: 'Downloaden',
  copied: 'Gekopieerd',
  copyFailed: 'Niet gekopieerd. Selecteer de tekst en kopieer die zelf.',
  stepOf: (step, total) => `Stap ${step} van ${total}`,
  connectionLost: 'Geen verbinding. We blijven het proberen.',
  timeLeft: (time) => `nog ${time}`,
  timeUp: 'De tijd is om.',
  opensInNewTab: 'wordt geopend in een nieuw tabblad',
  securityKey: {
    again: 'Opnieuw proberen',
    notAllowed:
      'Er is niets bevestigd: het is geannuleerd, duurde te lang, of geen sleutel van u is hier. Probeer het opnieuw, of kies een andere manier.',
    knownAlready: 'Deze sleutel is al geregistreerd. Gebruik een andere.',
    insecure:
      'Uw browser staat op dit adres geen beveiligingssleutels toe. Open de pagina op het gewone adres, of vraag uw beheerder.',
    unsupported:
      'Deze browser of sleutel kan niet wat nodig is: om een pincode, vinger of gezicht vragen. Gebruik een andere, of kies een andere manier.',
    broken:
      'Uw browser kon niet om de sleutel vragen. Laad de pagina opnieuw, of kies een andere manier.',
    needsScript:
      'Een beveiligingssleutel werkt alleen met JavaScript, omdat uw browser ermee moet praten. Zet het aan en laad de pagina opnieuw, of kies een andere manier.',
  },
  notices: { info: 'Informatie:', success: 'Gelukt:', warning: 'Let op:', error: 'Probleem:' },
  chartTable: 'De getallen tonen',
  pages: "Pagina's",
  previousPage: 'Vorige',
  nextPage: 'Volgende',
  pageOf: (page, total) => `Pagina ${page} van ${total}`,
  sorted: {
    ascending: 'gesorteerd, laagste eerst',
    descending: 'gesorteerd, hoogste eerst',
  },
};
