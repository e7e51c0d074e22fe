import type { Translation } from '../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  help: 'Hulp',
  helpIfAgain: 'Hulp als dit vaker gebeurt',
  reference: 'Referentie',
  tryAgainIn: (duration) => `U kunt het over ${duration} opnieuw proberen.`,
  toProfile: 'Naar uw profiel',
  openOwnAddress: (origin) => `${origin} openen`,
  goingOn: 'U bent aangemeld',
  signedIn: 'Een ogenblik, u gaat vanzelf verder.',
  signedInFor: (application) => `Een ogenblik, ${application} wordt vanzelf geopend.`,
  goOn: 'Doorgaan',
};
