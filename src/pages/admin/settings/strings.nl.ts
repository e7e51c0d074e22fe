import { formatNumber } from '../../../i18n/format.ts';
import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

/** Wat de pagina’s van de instellingen zeggen; hoe elke instelling heet, staat in `setting-words.nl.ts`. */
export const nl: Translation<typeof en> = {
  title: 'Instellingen',
  intro:
    'Wat uw organisatie beslist. Een wijziging geldt overal binnen vijf seconden en staat in het auditlogboek.',
  looksOnly: 'Uw rol kijkt en wijzigt niets.',
  groups: {
    organisation: {
      title: 'Organisatie en huisstijl',
      detail: 'Naam, kleur, taal, helpdesk',
      intro: 'Wat men ziet op elke pagina, in elke e-mail en hoort aan het begin van een gesprek.',
    },
    service: {
      title: 'Service-instellingen',
      detail: 'App-wachtwoorden, vertrouwde IP-adressen, onthouden apparaten, verificatieopties',
      intro: 'Wat voor iedereen geldt bij de tweede stap.',
    },
    registration: {
      title: 'Registratie',
      detail: 'Hoe lang een eerste methode mag worden geregistreerd, en aan wie het wordt gevraagd',
      intro: 'Hoe men aan een verificatiemethode komt.',
    },
    reset: {
      title: 'Wachtwoordherstel',
      detail: 'Wie het mag, met hoeveel methoden en welke, wie het hoort',
      intro: 'Hoe men een nieuw wachtwoord kiest zonder de helpdesk.',
    },
    fraud: {
      title: 'Fraude en vergrendeling',
      detail: 'Meldingen van fraude, blokkeringen, verkeerde tweede stappen',
      intro: 'Wat er gebeurt als iemand “dat was ik niet” zegt, en als antwoorden niet kloppen.',
    },
    sessions: {
      title: 'Sessies en wachtwoorden',
      detail: 'Hoe lang men aangemeld blijft, welke woorden in geen wachtwoord staan',
      intro: 'Wanneer men zich opnieuw aanmeldt, en wat wachtwoorden niet mogen zijn.',
    },
    strengths: {
      title: 'Verificatiesterkten',
      detail: 'Welke combinaties van methoden genoeg zijn voor een toepassing',
      intro: 'Wat een toepassing of een site bij zijn naam kan vereisen.',
    },
    deliveries: {
      title: 'Sms-berichten en gesprekken',
      detail: 'Waar berichten en gesprekken heen mogen, en hoeveel per dag',
      intro: 'Wat er mag worden verstuurd, en hoeveel.',
    },
    administration: {
      title: 'Beheer',
      detail: 'Wat mensen met een rol alleen mogen doen',
      intro: 'Wat mensen met een rol mogen doen, en hoe.',
    },
  },
  methodsCard: {
    title: 'Methoden',
    detail: 'Welke er zijn, voor welke groepen, en hoe elk werkt',
  },
  sections: {
    organisation: 'Organisatie',
    appPasswords: 'App-wachtwoorden',
    trustedIps: 'Vertrouwde IP-adressen',
    trustedDevices: 'Meervoudige verificatie onthouden op vertrouwde apparaten',
    verification: 'Verificatieopties',
    systemPreferred: 'Voorkeursmethode van het systeem',
    registration: 'Eerste registratie',
    campaign: 'Registratiecampagne',
    reset: 'Wachtwoordherstel',
    fraud: 'Meldingen van fraude',
    lockout: 'Verkeerde tweede stappen',
    sessions: 'Sessies',
    passwords: 'Wachtwoorden',
    delivery: 'Berichten en gesprekken',
    administration: 'Beheer',
    strengths: 'Verificatiesterkten',
    sites: 'Sites achter een proxy',
    who: 'Wie het mag gebruiken',
    how: 'Hoe het werkt',
    other: 'Meer',
  },
  methods: {
    'text-message': 'Sms-bericht naar telefoon',
    'phone-call': 'Bellen naar telefoon',
    notification: 'Melding via mobiele app',
    'authenticator-code': 'Verificatiecode van de mobiele app of het hardwaretoken',
    'security-key': 'Beveiligingssleutel',
    email: 'E-mail',
    'recovery-codes': 'Herstelcodes',
    'security-questions': 'Beveiligingsvragen',
    'temporary-access-pass': 'Tijdelijke toegangspas',
    password: 'Wachtwoord',
    other: 'Een andere methode',
  },
  method: {
    intro: 'Welke verificatiemethoden er zijn, en voor wie.',
    columns: { name: 'Methode', state: 'Status', groups: 'Voor', people: 'Geregistreerd door' },
    everybody: 'Iedereen',
    only: (groups) => `Alleen ${groups}`,
    not: (groups) => `Iedereen behalve ${groups}`,
    onlyNot: (groups, others) => `Alleen ${groups}, maar niet ${others}`,
    nobodyWithRole: 'Niemand met een rol',
    people: (count) =>
      count === 0 ? 'Niemand' : count === 1 ? '1 persoon' : `${formatNumber(count, 'nl')} mensen`,
    about: 'Wat het is',
    strength: 'Hoe sterk het is',
    strengths: {
      knowledge: 'Iets wat men weet: nooit op zichzelf een tweede stap',
      possession: 'Iets wat men heeft: men kan het iemand ontfutselen',
      'phishing-resistant': 'Niet te phishen: het antwoordt alleen aan deze site',
    },
    provesIn: 'Bewijst',
    proves: {
      'sign-in': 'Een aanmelding',
      reset: 'Een wachtwoordherstel',
      both: 'Een aanmelding en een wachtwoordherstel',
    },
    cost: 'Wat het kost',
    costs: {
      text: 'Elke keer een sms-bericht, voor de prijs van uw provider',
      call: 'Elke keer een telefoongesprek, voor de prijs van uw provider',
      mail: 'Elke keer een e-mail',
      push: 'Niets: de app van Tweestap hoort erbij',
      nothing: 'Niets',
    },
    registered: 'Geregistreerd door',
    shared: 'Dezelfde registratie kan ook een andere methode dienen.',
    made: 'Beheerders maken hem; niemand registreert hem.',
  },
  strengths: {
    add: 'Nieuwe verificatiesterkte',
    intro: 'Wie een van deze combinaties bewijst, heeft genoeg bewezen voor wat erom vraagt.',
    fixed: 'Deze is er altijd en kan niet worden gewijzigd.',
    always: 'Altijd aanwezig',
    builtIn: {
      'second-step': 'Meervoudige verificatie',
      passwordless: 'Zonder wachtwoord',
      'phishing-resistant': 'Bestand tegen phishing',
    },
    columns: { name: 'Sterkte', enough: 'Wat genoeg is', usedBy: 'Vereist door' },
    count: (count) => (count === 1 ? '1 combinatie' : `${count} combinaties`),
    name: 'Naam',
    nameHint: 'Hoe beheerders haar noemen. Hoogstens 80 tekens.',
    id: 'Korte naam',
    idHint:
      'Waarbij toepassingen haar vereisen; die blijft zoals ze is. Kleine letters, cijfers en streepjes.',
    combinations: 'Combinaties die genoeg zijn',
    combinationsHint: 'Kies er ten minste één.',
    more: 'Andere combinaties',
    moreHint: (ids) =>
      `Eén op elke regel, met een plus tussen de methoden: password + text-message + security-key. Er zijn: ${ids}.`,
    remove: 'Deze sterkte verwijderen',
    faults: {
      name: 'Typ een naam van hoogstens 80 tekens.',
      id: 'Typ hoogstens 50 kleine letters, cijfers en streepjes.',
      taken: 'Een andere sterkte heet al zo. Typ een andere korte naam.',
      combinations: 'Kies ten minste één combinatie. In elke staan hoogstens vier methoden.',
      weak: 'Een hiervan is geen tweede stap, of noemt een methode die geen aanmelding bewijst. Controleer die.',
      many: 'Er zijn al 40 sterkten. Verwijder er eerst een.',
      used: (applications) =>
        `${applications} vereist haar. Laat die eerst een andere sterkte vereisen.`,
    },
  },
  preview: {
    title: 'Hoe het eruitziet',
    intro:
      'De eerste pagina van een aanmelding, licht en op een donkere telefoon. Kijken slaat niets op.',
    label: {
      light: 'Voorbeeld van de aanmeldingspagina, licht',
      dark: 'Voorbeeld van de aanmeldingspagina op een telefoon, donker',
    },
    show: 'Voorbeeld tonen',
  },
  logo: {
    title: 'Logo',
    intro: 'Het staat op elke pagina naast de naam van uw organisatie.',
    now: 'Het logo nu',
    none: 'Er is er geen: een klein teken staat op zijn plaats.',
    change: 'Logo wijzigen',
    remove: 'Logo verwijderen',
    choose: 'Een ander logo',
    file: 'Afbeelding',
    hint: 'Een PNG, JPEG of WebP van hoogstens 32 KB. Het wordt 28 pixels hoog getoond, hoogstens 160 breed, op licht en op donker.',
    refused: {
      missing: 'Kies een afbeelding.',
      large: 'Die afbeelding is groter dan 32 KB. Maak haar kleiner en kies haar opnieuw.',
      other: 'Dat is geen PNG, JPEG of WebP. Kies een andere afbeelding.',
    },
    previewTitle: 'Is dit het logo?',
    keep: 'Dit logo gebruiken',
  },
  names: {
    others: (label) => `${label}: andere`,
    othersHint: 'Eén naam op elke regel, zoals ze heet waar uw mensen vandaan komen.',
  },
  on: 'Aan',
  off: 'Uit',
  none: 'Geen',
  notSet: 'Niet ingesteld',
  lines: (count) => (count === 1 ? '1 regel' : `${formatNumber(count, 'nl')} regels`),
  yourAddress: (address) => `Uw adres is nu ${address}.`,
  yourAddressIn: 'Het ligt in een van deze bereiken.',
  yourAddressOut: 'Het ligt in geen van deze bereiken.',
  bounds: {
    between: (from, to) => `Van ${from} tot en met ${to}.`,
    from: (from) => `${from} of meer.`,
    to: (to) => `Hoogstens ${to}.`,
  },
  faults: {
    number: 'Typ een getal.',
    wholeBetween: (from, to) => `Typ een heel getal van ${from} tot en met ${to}.`,
    whole: 'Typ een heel getal.',
    wholeFrom: (from) => `Typ een heel getal, ${from} of meer.`,
    between: (from, to) => `Typ een getal van ${from} tot en met ${to}.`,
    choice: 'Kies er een.',
    empty: 'Typ hier iets.',
    long: (most) => `Typ niet meer dan ${most} tekens.`,
    many: (most) => `Geef niet meer dan ${most} regels.`,
    refused: 'Dit kan hier niet worden gebruikt. Controleer het en typ het opnieuw.',
    elsewhere: (path) => `Iets anders past hier niet bij: ${path}. Controleer dat eerst.`,
    lines: (lines) =>
      lines.length === 1
        ? `Regel ${lines.join('')} kan hier niet worden gebruikt. Controleer die.`
        : `De regels ${lines.join(', ')} kunnen hier niet worden gebruikt. Controleer ze.`,
    noMethod:
      'Niemand zou nog kunnen bewijzen wie hij is: laat ten minste één methode aan die men zelf registreert.',
  },
  save: 'Opslaan',
  cancel: 'Annuleren',
  back: 'Instellingen',
  saved: 'Opgeslagen. Het geldt overal binnen vijf seconden.',
  nothing: 'Er was niets te wijzigen.',
  draft: 'U hebt bewezen dat u het bent. Wat u typte staat er nog; sla het nu op.',
  meanwhile: {
    title: 'Iemand anders heeft dit intussen gewijzigd',
    body: 'Wat u typte staat er nog, en er is niets opgeslagen. Dit is nu anders dan wat u zag:',
    now: (label, value) => `${label}: ${value}`,
  },
  changed: {
    caption: 'Wat er is gewijzigd',
    setting: 'Instelling',
    from: 'Was',
    to: 'Is nu',
    undo: 'Ongedaan maken',
    undoAbout: 'zet terug wat er eerst gold',
  },
  dangers: {
    title: 'Weet u het zeker?',
    intro: 'Er is nog niets opgeslagen.',
    confirm: 'Toch opslaan',
    'method-off': (name, people, only) =>
      people === 0
        ? `${name} wordt uitgeschakeld. Niemand heeft er iets voor geregistreerd.`
        : `${name} wordt uitgeschakeld. ${people === 1 ? '1 persoon heeft' : `${formatNumber(people, 'nl')} mensen hebben`} er iets voor geregistreerd; ${
            only === 0
              ? 'zij hebben allemaal een andere methode.'
              : `${only} van hen ${only === 1 ? 'heeft' : 'hebben'} niets anders en ${only === 1 ? 'moet' : 'moeten'} zich bij de volgende aanmelding opnieuw registreren of de helpdesk vragen.`
          }`,
    'group-out': (method, group, people, registered) =>
      `${method} is niet meer voor ${group}, met ${people === 1 ? '1 lid' : `${formatNumber(people, 'nl')} leden`}. ${
        registered === 0
          ? 'Geen van hen heeft er iets voor geregistreerd.'
          : registered === 1
            ? '1 van hen heeft er iets voor geregistreerd.'
            : `${registered} van hen hebben er iets voor geregistreerd.`
      }`,
    'only-groups': (method, groups) =>
      `${method} is alleen voor leden van ${groups}, en voor niemand anders meer.`,
    'group-unknown': (group) =>
      `Niemand zit in een groep die ${group} heet. Controleer hoe u haar schrijft.`,
    'ips-everyone': (range) =>
      `${range} is elk adres dat er is: nergens wordt nog iemand om een tweede stap gevraagd, ook geen vreemde die een wachtwoord kent.`,
    'ips-wide': (range) =>
      `${range} is een heel groot deel van het internet. Wie daarvandaan komt, wordt om geen tweede stap gevraagd.`,
    'ips-own-out': (address) =>
      `U komt van ${address}, dat vertrouwd was en het niet meer is. Iedereen daar wordt voortaan om een tweede stap gevraagd.`,
    'app-passwords-off':
      'App-wachtwoorden worden uitgeschakeld. Oudere apps die er een gebruiken, werken meteen niet meer; wat er gemaakt is, komt terug als u ze weer toestaat.',
    'app-passwords-sooner':
      'App-wachtwoorden die ouder zijn dan het nieuwe aantal dagen, verlopen meteen, wat er ook bij het maken gezegd is. Oudere apps die er een gebruiken, werken dan niet meer.',
    'own-out':
      'U zou zelf geen methode overhouden die u mag gebruiken, en kon niet meer op deze pagina komen. Registreer eerst een andere bij Beveiligingsgegevens.',
    'reset-too-few':
      'Niemand zou een wachtwoord kunnen herstellen: daarvoor zijn te weinig verschillende methoden toegestaan. Een melding is nooit alleen genoeg.',
    'registration-shut':
      'Er is geen bereik van adressen vertrouwd, dus registreert niemand een eerste methode zonder tijdelijke toegangspas.',
    'no-messages': 'Er wordt geen sms-bericht en geen gesprek meer verstuurd.',
  },
};
