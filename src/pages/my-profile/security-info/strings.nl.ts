import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Beveiligingsgegevens',
  intro:
    'Waarmee u laat zien dat u het bent wanneer u zich aanmeldt of uw wachtwoord opnieuw instelt.',
  back: 'Terug naar Beveiligingsgegevens',
  methods: {
    heading: 'Uw methoden',
    add: 'Methode toevoegen',
    change: 'Wijzigen',
    delete: 'Verwijderen',
    default: 'Standaardaanmeldingsmethode',
    uses: {
      approvals: 'Meldingen',
      codes: 'Verificatiecodes',
      setAside:
        'Meldingen zijn opzijgezet: verzoeken zijn geweigerd of gemeld, of de pincode was te vaak fout. Ze komen weer zodra u zich op een andere manier hebt aangemeld.',
      silent: 'De app mag op dat apparaat geen meldingen tonen: open hem wanneer u zich aanmeldt.',
    },
    proves: {
      both: 'Voor aanmelden en wachtwoordherstel',
      signIn: 'Voor aanmelden',
      reset: 'Alleen voor wachtwoordherstel',
      suspended:
        'Opzijgezet sinds u meldde dat een aanmelding niet van u was. De methode telt weer zodra u zich op een andere manier hebt aangemeld.',
      nothing: 'Uw organisatie staat deze methode nu niet toe, dus u kunt er niets mee bewijzen.',
    },
    added: 'Toegevoegd',
    used: 'Laatst gebruikt',
    neverUsed: 'Nog niet gebruikt',
    last: {
      replace:
        'Dit is de enige waarmee u zich kunt aanmelden, dus u kunt deze niet verwijderen. Wijzig deze, of voeg eerst een andere methode toe.',
      keep: 'Dit is de enige waarmee u zich kunt aanmelden, dus u kunt deze niet verwijderen. Voeg eerst een andere methode toe.',
    },
  },
  none: {
    title: 'Er is nog niets geregistreerd',
    required:
      'Uw organisatie vraagt om een tweede stap wanneer u zich aanmeldt. Voeg daarvoor een methode toe.',
    free: 'Uw organisatie vraagt u niet om een tweede stap. Voeg toch een methode toe: dan komt niemand binnen met alleen uw wachtwoord.',
    notAllowed:
      'Uw organisatie staat niet toe dat u zelf een methode toevoegt. Vraag uw beheerder om het samen te doen.',
    closed:
      'Een eerste methode kunt u alleen met hulp van uw beheerder toevoegen: het wachtwoord alleen is daarvoor niet genoeg.',
  },
  resetOnly:
    'Wat u hebt geregistreerd, is alleen voor wachtwoordherstel. Voeg ook een methode toe om u mee aan te melden.',
  fullApps: (count) =>
    `U kunt geen authenticator-app meer instellen, omdat u al ${count} authenticator-apps of hardwaretokens hebt. Verwijder er eerst een, of vraag uw beheerder er een te verwijderen.`,
  full: (name, count) =>
    `${name}: u hebt er al ${count}, en meer kunnen het er niet zijn. Verwijder er een om een andere toe te voegen.`,
  defaultMethod: {
    heading: 'Standaardaanmeldingsmethode',
    intro: 'Zo vragen we u eerst, wanneer u zich aanmeldt of uw wachtwoord opnieuw instelt.',
    preferred: (label) =>
      `Uw organisatie vraagt u bij het aanmelden eerst om het sterkste dat u hebt: ${label}.`,
    none: 'Niet ingesteld',
    setAside: (name) => `${name} (opzijgezet)`,
    change: 'Wijzigen',
    // Longer than a small screen is wide: it may be broken where the words meet.
    title: 'Uw standaard\u00adaanmeldings\u00admethode wijzigen',
    label: 'Standaard\u00adaanmeldings\u00admethode',
    hint: 'U kunt elke keer toch een andere van uw methoden kiezen.',
    confirm: 'Bevestigen',
  },
  add: {
    title: 'Een methode toevoegen',
    label: 'Welke methode wilt u toevoegen?',
    hint: 'Wat hier niet staat, staat uw organisatie niet toe, of u hebt het al.',
    add: 'Toevoegen',
    appPassword: 'App-wachtwoord (voor oudere apps)',
    missing: 'Kies een methode.',
    nothing: 'Er is niets wat u nu kunt toevoegen.',
    how: 'Vraag het uw beheerder: die kan de registratie opnieuw voor u openen, een methode voor u registreren of u een pas geven om u mee aan te melden.',
    network: 'Vanaf het netwerk van uw organisatie kunt u er zelf een toevoegen.',
  },
  token: {
    heading: 'Een hardwaretoken voor u',
    intro:
      'Uw organisatie heeft u een apparaatje gegeven dat codes toont. Typ er een om het in gebruik te nemen.',
    name: (serialNumber) => `Hardwaretoken ${serialNumber}`,
    start: 'In gebruik nemen',
    title: 'Uw hardwaretoken in gebruik nemen',
    press: (serialNumber) =>
      `Pak het token met serienummer ${serialNumber}, druk op de knop als het er een heeft, en typ de code die het nu toont.`,
    code: 'Code op het token',
    confirm: 'In gebruik nemen',
    refused: {
      wrong:
        'Dat is niet wat het token nu toont. Controleer het serienummer en typ de code meteen.',
      paused: (until) =>
        `Te veel codes waren fout. Probeer het opnieuw na ${until}, of vraag het uw beheerder.`,
      'not-allowed': 'Vanaf hier kunt u dit niet zelf toevoegen. Vraag het uw beheerder.',
    },
  },
  remove: {
    title: (name) => `${name} verwijderen?`,
    what: 'Wat',
    undone:
      'Dit kan niet ongedaan worden gemaakt. Om de methode weer te gebruiken, moet u deze opnieuw toevoegen. Waar u er elders mee bent aangemeld, wordt u afgemeld.',
    default:
      'Dit is uw standaardaanmeldingsmethode. De sterkste van uw andere methoden komt ervoor in de plaats.',
    alsoInApp:
      'Verwijder het account ook in de app: de app weet niet dat u het hier hebt verwijderd.',
    staysOnKey:
      'De sleutel zelf wordt niet gewist: elders werkt die gewoon, en een wachtwoordsleutel blijft op het apparaat staan tot u die daar verwijdert.',
    yes: 'Ja',
    no: 'Nee',
  },
  done: {
    added: (name) => `Toegevoegd: ${name}. U kunt deze methode voortaan gebruiken.`,
    addedSomething: 'De methode is toegevoegd. U kunt deze voortaan gebruiken.',
    stays: (label) => `Uw standaardaanmeldingsmethode is ${label}.`,
    changed: 'De nieuwe is geverifieerd en telt voortaan. De oude telt niet meer.',
    deleted: 'De methode is verwijderd.',
    'deleted-default': 'De methode is verwijderd. Het was uw standaardaanmeldingsmethode.',
    nowDefault: (label) => `Voortaan is de standaard: ${label}.`,
    noDefault: 'U hebt geen standaardaanmeldingsmethode meer.',
    default: (label) => `Uw standaardaanmeldingsmethode is nu: ${label}.`,
    last: 'De methode is niet verwijderd: het is de enige waarmee u zich kunt aanmelden. Wijzig deze, of voeg eerst een andere toe.',
    gone: 'Die methode is niet meer geregistreerd. Er is niets gewijzigd.',
    full: 'De methode is niet toegevoegd: u hebt er zoveel als er kunnen zijn. Verwijder er eerst een.',
  },
  more: {
    heading: 'Meer over uw beveiliging',
    '/my-profile/app-passwords': 'Voor oudere apps die niet om een tweede stap kunnen vragen.',
    '/my-profile/trusted-devices': 'Waar u een aantal dagen niet opnieuw wordt gevraagd.',
    '/my-profile/recent-sign-ins': 'Of u het elke keer zelf was.',
    '/my-profile/change-password': 'Kies een nieuw wachtwoord.',
  },
};
