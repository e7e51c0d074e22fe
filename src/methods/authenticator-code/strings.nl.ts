import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  label: 'Authenticator-app of hardwaretoken – code',
  ours: {
    label: (device) => `Authenticator-app – code (${device})`,
    detail: (device) => `Uw Tweestap Authenticator (${device})`,
  },
  token: {
    label: (serialNumber) => `Hardwaretoken – code (${serialNumber})`,
    detail: (serialNumber) => `Uw hardwaretoken (${serialNumber})`,
    title: 'Code van uw hardwaretoken invoeren',
    press: (serialNumber) =>
      `Pak het token met serienummer ${serialNumber}, druk op de knop als het er een heeft, en typ de code die het toont.`,
  },
  tile: { title: 'Verificatiecode gebruiken', detail: 'Authenticator-app of hardwaretoken' },
  challenge: {
    title: 'Verificatiecode van mobiele app invoeren',
    open: (organisation, account) =>
      `Open uw authenticator-app en typ de code die deze toont voor ${organisation}, ${account}.`,
    code: 'Verificatiecode',
  },
  draft: {
    scan: 'Open uw authenticator-app, voeg een werk- of schoolaccount toe en scan deze QR-code.',
    qr: 'QR-code voor uw authenticator-app',
    sameDevice: 'De app op dit apparaat openen',
    cannotScan: 'Kunt u de QR-code niet scannen?',
    byHand: 'Kies in de app ‘Account handmatig invoeren’ en typ of plak deze twee:',
    key: 'Code',
    address: 'URL',
  },
  rejections: {
    unreadable: 'We konden dat niet lezen. Typ de cijfers die u ziet, en niets anders.',
    'incorrect-code':
      'Die code klopt niet. Typ de code die u nu ziet. Gaat het weer mis, laat uw telefoon dan zelf de klok instellen; een hardwaretoken wordt door uw beheerder gelijkgezet.',
    'code-already-used': 'Die code is al gebruikt. Wacht tot de volgende verschijnt, en typ die.',
    'too-many-wrong': 'Dat was vijf keer fout. Begin opnieuw, of kies een andere manier.',
    expired: 'U was even weg. Begin opnieuw, en typ de code die dan verschijnt.',
    superseded:
      'U bent op een andere pagina opnieuw begonnen. Ga daar verder, of begin hier opnieuw.',
  },
};
