import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Mijn profiel',
  navigation: {
    profile: 'Mijn profiel',
    securityInfo: 'Beveiligingsgegevens',
    appPasswords: 'App-wachtwoorden',
    trustedDevices: 'Vertrouwde apparaten',
    recentSignIns: 'Recente aanmeldingen',
    changePassword: 'Wachtwoord wijzigen',
    admin: 'Beheer',
  },
  account: {
    heading: 'Uw account',
    name: 'Naam',
    account: 'Gebruikersnaam',
    mail: 'E-mail',
    language: 'Taal',
  },
  signedIn: {
    heading: 'Hoe u zich hebt aangemeld',
    intro: 'Wat u hebt laten zien om hier binnen te komen, en wanneer.',
    password: 'Wachtwoord',
    gone: 'Een verificatiemethode die niet meer is geregistreerd',
    since: (time) => `Deze sessie eindigt uiterlijk op ${time}.`,
  },
  methods: {
    heading: 'Uw verificatiemethoden',
    intro: 'Hiermee kunt u laten zien dat u het bent wanneer u zich aanmeldt.',
    securityInfo: 'Beveiligingsgegevens',
    default: 'Standaard',
    used: 'Laatst gebruikt',
    deviceUsed: 'Dit toestel laatst gebruikt',
    never: 'Nog niet gebruikt',
    none: 'Niets geregistreerd',
    noneBody: 'Uw organisatie vraagt u bij het aanmelden om iets in te stellen als dat nodig is.',
  },
  signedOut: {
    title: 'U bent afgemeld',
    body: 'Uw sessie hier is beëindigd, en dat is gemeld aan de toepassingen die u open had. Sluit de browser als anderen dit apparaat ook gebruiken.',
    again: 'Opnieuw aanmelden',
  },
};
