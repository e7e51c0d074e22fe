import { formatNumber } from '../../../i18n/format.ts';
import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Hardwaretokens',
  intro:
    'Kleine apparaatjes die elke 30 of 60 seconden een code tonen, voor mensen zonder telefoon. Een token werkt zodra het aan iemand is gegeven en er een code van is ingetypt.',
  back: 'Hardwaretokens',
  add: 'Tokens importeren',
  search: 'Serienummer',
  searchHint: 'Hoe het begint is genoeg.',
  status: 'Status',
  any: 'Alle',
  show: 'Zoeken',
  statuses: {
    available: 'Op de plank',
    assigned: 'Toegewezen',
    activated: 'Geactiveerd',
    failedActivation: 'Activeren mislukt',
  },
  counts: (counts) =>
    `Geactiveerd: ${formatNumber(counts.activated, 'nl')}. In afwachting van een code: ${formatNumber(counts.assigned + counts.failedActivation, 'nl')}. Op de plank: ${formatNumber(counts.available, 'nl')}.`,
  columns: {
    serialNumber: 'Serienummer',
    make: 'Merk',
    status: 'Status',
    owner: 'Toegewezen aan',
    used: 'Laatst gebruikt',
  },
  none: 'Er is geen token gevonden',
  noneBody: 'Importeer het bestand dat bij de tokens hoort, of haal een filter weg.',
  next: 'Volgende tokens',
  first: 'Vanaf het begin',
  never: 'Nooit',
  nobody: 'Niemand',
  removedOwner: 'Een account dat er niet meer is',
  token: {
    title: (serialNumber) => `Token ${serialNumber}`,
    make: 'Merk',
    codes: 'Codes',
    codesOf: (digits, seconds, hash) => `${digits} cijfers, elke ${seconds} seconden (${hash})`,
    added: 'Toegevoegd',
    clock: 'De klok',
    steps: (steps) =>
      steps === 0
        ? 'Loopt gelijk met de onze'
        : `${Math.abs(steps)} ${Math.abs(steps) === 1 ? 'code' : 'codes'} ${steps > 0 ? 'voor op' : 'achter op'} de onze`,
  },
  acts: {
    assign: {
      title: (serialNumber) => `Token ${serialNumber} toewijzen`,
      will: [
        'Er gaat een e-mail naar die persoon, waarin staat hoe het token in gebruik komt.',
        'Het bewijst niemand voordat er een code van is ingetypt, hier of door die persoon zelf.',
      ],
      confirm: 'Toewijzen',
    },
    activate: {
      title: (serialNumber) => `Token ${serialNumber} activeren`,
      will: [
        'Typ de code die het token nu toont. Daarna bewijst het bij het aanmelden wie de eigenaar is.',
      ],
      confirm: 'Activeren',
    },
    resync: {
      title: (serialNumber) => `Klok van token ${serialNumber} gelijkzetten`,
      will: [
        'Typ twee codes na elkaar, de tweede zodra het token die toont.',
        'Een klok mag tot veertig codes afwijken.',
      ],
      confirm: 'Gelijkzetten',
    },
    unassign: {
      title: (serialNumber) => `Token ${serialNumber} terugnemen?`,
      will: [
        'Het bewijst zijn eigenaar vanaf nu niet meer.',
        'Wat ermee geopend is, eindigt, en er gaat een e-mail naar die persoon.',
        'Het token gaat terug op de plank en kan aan iemand anders worden gegeven.',
      ],
      confirm: 'Terugnemen',
    },
    remove: {
      title: (serialNumber) => `Token ${serialNumber} verwijderen?`,
      will: [
        'Tweestap vergeet de sleutel. Om het weer te gebruiken importeert u het opnieuw.',
        'Heeft iemand het, dan bewijst het die persoon niet meer.',
      ],
      confirm: 'Verwijderen',
    },
  },
  cancel: 'Annuleren',
  person: 'Gebruikersnaam van de persoon',
  personHint: 'De hele gebruikersnaam, zoals anna@voorbeeld.example.',
  code: 'Code op het token',
  firstCode: 'Eerste code',
  secondCode: 'Tweede code',
  done: {
    assign: 'Het token is toegewezen. Het werkt zodra er een code van is ingetypt.',
    activate: 'Het token is geactiveerd.',
    resync: 'De klok van het token is gelijkgezet.',
    unassign: 'Het token ligt weer op de plank.',
    remove: 'Het token is verwijderd.',
  },
  refused: {
    nobody: 'Er is niemand met deze gebruikersnaam. Typ de hele naam.',
    above: 'Dit account staat boven uw rol.',
    self: 'Dit is uw eigen account: iemand anders moet dit doen.',
    taken: 'Het token is intussen aan iemand gegeven. Bekijk het opnieuw.',
    wrong: 'Dat is niet wat het token nu toont. Typ meteen de code die het toont.',
    wrongPair:
      'Dat zijn geen twee codes na elkaar. Wacht op een nieuwe code, typ die, en dan de volgende.',
    paused: (until) => `Te veel codes waren fout. Probeer het opnieuw na ${until}.`,
    full: 'Deze persoon heeft al vijf authenticator-apps en tokens. Een daarvan moet eerst weg.',
    gone: 'Het token is intussen door iemand anders gewijzigd. Bekijk het opnieuw.',
  },
  import: {
    title: 'Tokens importeren',
    intro:
      'De maker van de tokens stuurt een bestand met hun sleutels. Houd het geheim, en verwijder het als u klaar bent.',
    file: 'Bestand',
    fileHint: 'Een tabel (CSV) met deze kolommen, of een PSKC-bestand (XML):',
    columns: 'upn,serial number,secret key,time interval,manufacturer,model',
    upn: 'Waar upn is ingevuld, wordt het token meteen aan die persoon gegeven.',
    password: 'Wachtwoord van het bestand',
    passwordHint:
      'Alleen voor versleutelde PSKC-bestanden: het wachtwoord, of de sleutel in hexadecimale cijfers.',
    check: 'Alleen controleren',
    do: 'Importeren',
    missing: 'Kies een bestand.',
    checked: (good, all) =>
      `Gecontroleerd: ${good} van ${all} zouden worden geïmporteerd. Er is niets gewijzigd.`,
    again: 'Kies het bestand nog een keer om het te importeren.',
    done: (good, all) => `${good} van ${all} zijn geïmporteerd.`,
    faults: 'Overgeslagen',
    line: 'Regel',
    problem: 'Wat er mis is',
    more: (count) => `En nog ${formatNumber(count, 'nl')}, in het bestand hieronder.`,
    download: 'De overgeslagen regels downloaden',
  },
  fileFaults: {
    'not-pskc': 'Dit is geen tabel en geen PSKC-bestand.',
    'too-many-keys': 'Dit bestand heeft meer dan 2.000 sleutels. Verdeel het.',
    'password-needed': 'Dit bestand is versleuteld. Typ het wachtwoord.',
    'password-wrong':
      'Het wachtwoord opent dit bestand niet, of iemand heeft het bestand gewijzigd.',
    'unknown-encryption':
      'Dit bestand is versleuteld op een manier die hier niet te openen is. Vraag de maker om een bestand met een wachtwoord.',
    empty: 'Er staat geen token in dit bestand.',
    'column-missing': (column) =>
      `De kolom ‘${column}’ ontbreekt. De eerste regel moet de kolommen noemen.`,
    'too-many-lines': 'Dit bestand heeft meer dan 20.000 regels. Verdeel het.',
  },
  lineFaults: {
    unreadable: 'Deze regel is niet te lezen: kijk naar de aanhalingstekens.',
    'serial-number-missing': 'Het serienummer ontbreekt.',
    'serial-number-too-long': 'Het serienummer is langer dan 100 tekens.',
    'serial-number-repeated': 'Een regel hierboven heeft hetzelfde serienummer.',
    'key-missing': 'De geheime sleutel ontbreekt.',
    'key-unreadable': 'De geheime sleutel is geen base32 (A–Z, 2–7) van 16 tot 128 tekens.',
    interval: 'Het tijdsinterval is geen 30 en geen 60.',
    'kind-of-code':
      'Tokens die het aantal keren drukken tellen (HOTP), of een ander soort code gebruiken, werken hier niet.',
    'text-too-long': 'De fabrikant of het model is langer dan 100 tekens.',
    'already-here': 'Dit serienummer is al eerder geïmporteerd.',
    'owner-unknown': 'Er is niemand met deze gebruikersnaam.',
    'owner-above': 'U mag dit account geen token geven.',
  },
};
