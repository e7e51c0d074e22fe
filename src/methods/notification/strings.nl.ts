import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  label: (device) => `Authenticator-app – melding (${device})`,
  tile: {
    title: 'Een verzoek in de app goedkeuren',
    detail: (device) => `Uw Tweestap Authenticator (${device})`,
  },
  challenge: {
    title: 'Verzoek in uw app goedkeuren',
    sent: (device) => `We hebben een melding gestuurd naar uw Tweestap Authenticator (${device}).`,
    waits: (device) => `Er wacht een verzoek in uw Tweestap Authenticator (${device}).`,
    instruction: 'Open de app, typ het nummer hieronder en kies Goedkeuren.',
    silent: 'Geen melding? Open de app toch: het verzoek wacht daar.',
    numberLabel: 'Nummer om in de app te typen',
  },
  draft: {
    scan: 'Scan deze QR-code met de camera van uw telefoon. Dat opent de Tweestap Authenticator; een appstore is niet nodig.',
    qr: 'QR-code voor de Tweestap Authenticator',
    sameDevice: 'De authenticator op dit apparaat openen',
    cannotScan: 'Kunt u de QR-code niet scannen?',
    byHand:
      'Open de URL op uw telefoon, kies ‘Account toevoegen’ en ‘Account handmatig invoeren’, en typ deze twee:',
    code: 'Code',
    address: 'URL',
    joined: (device) => `De app is gekoppeld: ${device}. Alleen de test volgt nog.`,
  },
  rejections: {
    expired:
      'We hebben niet op tijd van u gehoord, dus het verzoek is gesloten. Stuur het opnieuw, of kies een andere manier.',
    'too-many-wrong':
      'De pincode was vijf keer fout, dus het verzoek is gesloten. Probeer het opnieuw. Bent u de pincode vergeten, stel de app dan nog een keer vanaf het begin in: u kiest dan een nieuwe.',
    'user-declined':
      'Het verzoek is in de app geweigerd. Stuur het opnieuw als dat niet de bedoeling was, of kies een andere manier.',
    superseded: 'U hebt daarna om een nieuwer verzoek gevraagd. Alleen het nieuwste telt.',
    'not-accepted': 'Dat antwoord kwam niet van uw app. Stuur het verzoek opnieuw.',
  },
};
