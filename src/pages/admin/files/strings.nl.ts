import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  import: {
    title: 'Gebruikers uit een bestand',
    intro:
      'Voegt voor elke regel een account toe. U ziet eerst wat er van elke regel zou komen; er gebeurt niets voordat u dat zegt.',
    fileHint:
      'Een tabel als tekst (CSV), zoals Excel die schrijft, hoogstens 20 MB: zo’n 200.000 regels.',
    columns:
      'De eerste regel noemt de kolommen, in het Engels of Nederlands, in willekeurige volgorde. Alleen Gebruikersnaam moet er staan:',
    list: 'Gebruikersnaam, Naam, Postvak, Ander e-mailadres, Mobiele telefoon, Bureautelefoon, Toestelnummer, Taal, Rol, Groepen, Status, Mag zich aanmelden, Wachtwoord.',
    passwords:
      'Een wachtwoord in het bestand is tijdelijk. Waar er geen staat, wordt er een gemaakt; u haalt ze daarna één keer op.',
  },
  states: {
    title: 'Statussen uit een bestand',
    intro:
      'Wijzigt de status van meervoudige verificatie van iedereen in het bestand. U ziet eerst wat er van elke regel zou komen; er gebeurt niets voordat u dat zegt.',
    fileHint: 'Een tabel als tekst (CSV), zoals Excel die schrijft, hoogstens 20 MB.',
    columns:
      'De eerste regel noemt de kolommen, in willekeurige volgorde: Gebruikersnaam en Status.',
    list: 'Een status is Uitgeschakeld, Ingeschakeld of Afgedwongen, of hetzelfde in het Engels.',
    passwords: 'Iedereen van wie de status wijzigt, krijgt een e-mail.',
  },
  file: 'Bestand',
  text: 'Of de regels zelf',
  textHint: 'Hoogstens zo’n 1.000 regels, met de namen van de kolommen erboven.',
  example: 'Een voorbeeldbestand',
  read: 'Bestand lezen',
  cancel: 'Annuleren',
  back: 'Gebruikers',
  faults: {
    none: 'Kies een bestand, of plak de regels.',
    both: 'Kies een bestand of plak regels, niet allebei.',
    empty: 'Het bestand is leeg. Kies een ander.',
    unreadable: 'Dit is geen tabel als tekst. Sla die op als CSV en kies dat bestand.',
    missing: (columns) =>
      `De eerste regel moet deze kolommen noemen, en doet dat niet: ${columns}. Voeg ze toe.`,
    twice: (columns) =>
      `De eerste regel noemt deze kolommen twee keer: ${columns}. Haal er een weg.`,
  },
  columns: {
    userPrincipalName: 'Gebruikersnaam',
    displayName: 'Naam',
    password: 'Wachtwoord',
    mail: 'Postvak',
    otherMail: 'Ander e-mailadres',
    mobilePhone: 'Mobiele telefoon',
    businessPhone: 'Bureautelefoon',
    businessPhoneExtension: 'Toestelnummer',
    preferredLanguage: 'Taal',
    role: 'Rol',
    groups: 'Groepen',
    perUserMfaState: 'Status',
    accountEnabled: 'Mag zich aanmelden',
  },
  yes: 'ja',
  no: 'nee',
  exportName: 'gebruikers.csv',
  exampleNames: { import: 'voorbeeld-gebruikers.csv', states: 'voorbeeld-statussen.csv' },
  examples: {
    name: 'Sam Voorbeeld',
    groups: 'staf, nachtdienst',
    enabled: 'Ingeschakeld',
    enforced: 'Afgedwongen',
  },
};
