import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Nieuwe gebruiker',
  intro:
    'Het account wordt meteen gemaakt. Het tijdelijke wachtwoord ziet u één keer, na deze pagina.',
  userName: 'Gebruikersnaam',
  userNameHint: (domain) => `Waarmee iemand zich aanmeldt, bijvoorbeeld naam@${domain}.`,
  displayName: 'Naam',
  displayNameHint: 'Zoals anderen die zien. Typt u niets, dan wat vóór de @ staat.',
  mail: 'Postvak',
  mailHint: 'Het eigen postvak bij de organisatie.',
  otherMail: 'Ander e-mailadres',
  otherMailHint: 'Buiten de organisatie: berichten gaan ook daarheen.',
  mobilePhone: 'Mobiele telefoon',
  businessPhone: 'Bureautelefoon',
  businessPhoneHint: 'Met het toestelnummer, als dat er is: +31 20 123 4567 x12.',
  language: 'Taal',
  role: 'Rol',
  groups: 'Groepen',
  groupsHint:
    'Met komma’s ertussen. Een groep waar nog niemand bij hoort, begint met deze persoon.',
  state: 'Status van meervoudige verificatie',
  switchedOff: 'Mag zich nog niet aanmelden',
  add: 'Account toevoegen',
  cancel: 'Annuleren',
  back: 'Gebruikers',
  faults: {
    userPrincipalName: 'Typ een gebruikersnaam met een @ erin, bijvoorbeeld naam@voorbeeld.nl.',
    taken: 'Iemand heeft deze gebruikersnaam al. Typ een andere.',
    mixedScripts: 'Typ een gebruikersnaam in de letters van één alfabet.',
    displayName: 'Typ een naam van hoogstens 256 tekens.',
    address: 'Typ één e-mailadres, bijvoorbeeld naam@voorbeeld.nl.',
    number: 'Typ een telefoonnummer dat gebeld kan worden, bijvoorbeeld +31 20 123 4567.',
    groups:
      'Typ namen van groepen met komma’s ertussen, elk van hoogstens 64 tekens en niet meer dan 50.',
    role: 'Kies een rol die u mag geven.',
    state: 'Kies een status.',
    other: 'Dit kan niet worden bewaard. Typ iets anders.',
  },
  added: {
    title: (name) => `${name} is toegevoegd`,
    shownOnce:
      'Dit ziet u alleen nu. Zeg het tegen de persoon zelf; stuur het niet per e-mail of sms.',
    shownBefore:
      'Het tijdelijke wachtwoord is één keer getoond en wordt niet opnieuw getoond. Is het kwijt, maak dan een nieuw op de pagina van de persoon.',
    password: 'Tijdelijk wachtwoord',
    how: 'Bij de eerste aanmelding kiest de persoon een eigen wachtwoord.',
    toPerson: (name) => `Naar ${name}`,
    another: 'Nog iemand toevoegen',
  },
};
