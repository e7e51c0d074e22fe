import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'App-wachtwoorden',
  intro:
    'Voor apps die niet om een tweede stap kunnen vragen, zoals een mailprogramma op een oudere telefoon. In die apps typt u een app-wachtwoord in plaats van uw gewone wachtwoord.',
  doors: {
    any: 'Elke soort app',
    ldap: 'Alleen LDAP: mailservers en adresboeken',
    radius: 'Alleen RADIUS: VPN en wifi',
    http: 'Alleen HTTP: agenda’s en bestanden',
  },
  through: { ldap: 'LDAP', radius: 'RADIUS', http: 'HTTP' },
  standing: {
    off: {
      title: 'Uw organisatie gebruikt geen app-wachtwoorden',
      body: 'Apps die niet om een tweede stap kunnen vragen, werken niet met uw account. Uw beheerder beslist hierover.',
    },
    'not-enforced': {
      title: 'U hebt geen app-wachtwoorden nodig',
      body: 'App-wachtwoorden zijn voor mensen van wie de beheerder aanvullende beveiligingsverificatie verlangt. Van u wordt dat niet verlangd, dus zulke apps nemen uw gewone wachtwoord.',
    },
    left: 'De app-wachtwoorden hieronder openen nu niets. U kunt ze verwijderen.',
  },
  list: {
    heading: 'Uw app-wachtwoorden',
    count: (count, most) => `${count} van ${most} in gebruik`,
    full: 'U hebt er zoveel als er kunnen zijn. Verwijder er een om een ander te maken.',
    create: 'App-wachtwoord maken',
    made: 'Gemaakt',
    expires: 'Verloopt',
    expired: 'Verlopen',
    never: 'Verloopt niet',
    neverUsed: 'Nooit gebruikt',
    used: 'Laatst gebruikt',
    from: (door, address) => `via ${door}, vanaf ${address}`,
    delete: 'Verwijderen',
    deleteAll: 'Alle verwijderen',
    empty: 'U hebt geen app-wachtwoorden',
    emptyBody:
      'Maak er een als een app om uw wachtwoord blijft vragen, terwijl u het goed hebt getypt.',
    help: 'Hulp bij een app die zijn app-wachtwoord niet neemt',
  },
  add: {
    title: 'Een app-wachtwoord maken',
    back: 'App-wachtwoorden',
    name: 'Naam',
    nameHint:
      'Zodat u later weet voor welke app of welk apparaat het is, zoals ‘Mail op mijn oude telefoon’.',
    door: 'Waarvoor het is',
    doorHint: 'Hoe beperkter, hoe minder iemand eraan heeft die het vindt.',
    expires: 'Het werkt',
    days: (days) => (days === 365 ? '1 jaar' : `${days} dagen`),
    forEver: 'Zolang u het houdt',
    create: 'Maken',
    cancel: 'Annuleren',
    refused: {
      empty: 'Typ een naam, zodat u later weet waarvoor het is.',
      'too-long': 'Die naam is te lang. Gebruik hoogstens 40 tekens.',
      unreadable: 'In die naam staan tekens die niemand kan zien. Typ de naam opnieuw.',
    },
  },
  made: {
    title: 'Uw nieuwe app-wachtwoord',
    label: (name) => `App-wachtwoord ‘${name}’`,
    once: 'U ziet het nu, en daarna nooit meer. Kopieer het naar de app voordat u deze pagina verlaat.',
    how: 'Typ in de app uw gebruikersnaam en dit app-wachtwoord in plaats van uw gewone wachtwoord. U mag één app-wachtwoord voor meer apps gebruiken.',
    warningTitle: 'Niemand vraagt u ooit om dit wachtwoord',
    warning:
      'Uw helpdesk niet, uw organisatie niet, niet in een e-mail en niet aan de telefoon. Wie het heeft, komt zonder tweede stap in uw account. Typ het alleen in de app.',
    done: 'Gereed',
    shownTitle: 'Dit app-wachtwoord is al getoond',
    shown: (name) =>
      `‘${name}’ wordt maar één keer getoond, zodat niemand het hier vindt. Hebt u het niet gekopieerd, verwijder het dan en maak een ander.`,
  },
  delete: {
    title: (name) => `Het app-wachtwoord ‘${name}’ verwijderen?`,
    body: 'Dit kan niet ongedaan worden gemaakt. Apps die het gebruiken, werken niet meer totdat u daar een ander app-wachtwoord typt. De plaats komt vrij.',
    delete: 'Verwijderen',
    cancel: 'Annuleren',
    allTitle: 'Al uw app-wachtwoorden verwijderen?',
    allBody: (count) =>
      `Dit kan niet ongedaan worden gemaakt. ${count === 1 ? 'De app die het gebruikt, werkt niet meer' : `U hebt er ${count}, en de apps die ze gebruiken, werken niet meer`} totdat u daar een ander app-wachtwoord typt.`,
    deleteAll: 'Alle verwijderen',
  },
  done: {
    deleted: {
      title: 'Het app-wachtwoord is verwijderd',
      body: 'Het opent niets meer. We hebben u daarover een e-mail gestuurd.',
    },
    'all-deleted': {
      title: 'Alle app-wachtwoorden zijn verwijderd',
      body: 'Ze openen niets meer. We hebben u daarover een e-mail gestuurd.',
    },
    gone: {
      title: 'Dat app-wachtwoord was al weg',
      body: 'Er is niets meer te verwijderen.',
    },
    full: {
      title: 'Er is geen app-wachtwoord gemaakt',
      body: 'U hebt er zoveel als er kunnen zijn. Verwijder er eerst een.',
    },
  },
};
