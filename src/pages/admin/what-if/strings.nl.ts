import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Wat als',
  intro:
    'Wat zou er gebeuren als iemand zich nu aanmeldde? Het antwoord komt van precies de code die over echte aanmeldingen beslist. Er wordt niets verstuurd en niets gewijzigd.',
  person: 'Gebruikersnaam van de persoon',
  personHint: 'De hele gebruikersnaam.',
  application: 'Meldt zich aan bij',
  myProfile: 'Mijn profiel',
  address: 'Vanaf dit IP-adres',
  addressHint: (own) => `Dat van u is ${own}.`,
  device: 'Op dit apparaat',
  unknownDevice: 'Een apparaat dat niemand kent',
  ask: 'Tonen wat er zou gebeuren',
  missing: 'Typ wie zich aanmeldt.',
  nobody: 'Er is niemand met deze gebruikersnaam. Typ de hele naam.',
  noAddress: 'Dit is geen IP-adres. Typ er een zoals 203.0.113.7 of 2001:db8::7.',
  result: (name) => `Als ${name} zich aanmeldde`,
  steps: {
    'password-typed': 'De gebruikersnaam en het wachtwoord worden getypt.',
    passkey: 'Een beveiligingssleutel komt in de plaats van naam en wachtwoord.',
    register:
      'Er wordt gevraagd dit account in te stellen voor extra beveiligingsverificatie; voordat dat klaar is, komt deze persoon niet binnen.',
    change: 'Er moet een ander wachtwoord worden gekozen.',
    prepareRegister:
      'Er wordt gevraagd te registreren wat nodig is om het wachtwoord te herstellen. Dat kan worden uitgesteld.',
    prepareConfirm:
      'Er wordt gevraagd of klopt wat nodig is om het wachtwoord te herstellen. Dat kan worden uitgesteld.',
    campaign:
      'De registratiecampagne vraagt een authenticator-app in te stellen. Dat kan worden uitgesteld.',
    campaignRequired:
      'De registratiecampagne vraagt een authenticator-app in te stellen, en dat kan niet langer worden uitgesteld.',
    missing:
      'Er moet eerst een andere methode worden geregistreerd: niets van wat er is, bewijst wat wordt gevraagd.',
    stay: 'Er wordt gevraagd of deze persoon aangemeld wil blijven.',
    finish: 'Deze persoon is binnen.',
    choose: 'Deze persoon kiest hoe te bewijzen wie het is.',
    start: (label) => `Dit wordt meteen gevraagd: ${label}.`,
    others: (labels) => `Er kan een andere manier worden gekozen: ${labels}.`,
    alone: (names) => `In plaats van naam en wachtwoord mag dit worden gebruikt: ${names}.`,
    paused: (until) => `Tweede stappen zijn gepauzeerd tot ${until}: er waren er te veel fout.`,
    blocked: {
      'account-disabled': 'Deze persoon komt niet binnen: het account is uitgeschakeld.',
      'account-blocked': 'Deze persoon komt niet binnen: het account is geblokkeerd.',
      'no-method':
        'Deze persoon komt niet binnen: niets van wat geregistreerd is, is hier toegestaan.',
      'registration-closed':
        'Deze persoon komt niet binnen: er is niets geregistreerd, en de tijd om met alleen het wachtwoord te registreren is voorbij. Een tijdelijke toegangspas helpt.',
    },
    other: 'Er wordt iets anders gevraagd.',
  },
  why: 'Waarom',
  reasons: {
    state: {
      disabled:
        'De status van meervoudige verificatie is uitgeschakeld: die vraagt geen tweede stap.',
      enabled:
        'De status van meervoudige verificatie is ingeschakeld: er wordt een tweede stap gevraagd, en registratie totdat die klaar is.',
      enforced:
        'De status van meervoudige verificatie is afgedwongen: er wordt een tweede stap gevraagd.',
    },
    application: (required) => `De toepassing vraagt meer: ${required}.`,
    trustedIp: (range) =>
      `Het adres ligt in ${range}, dat vertrouwd is: de status vraagt daar geen tweede stap.`,
    trustedDevice: 'Het apparaat is vertrouwd: de status vraagt er geen tweede stap op.',
    suspect: 'Het wachtwoord moet worden gewijzigd en is daarom alleen niet genoeg.',
  },
  see: {
    state: 'De status',
    trustedIps: 'Vertrouwde IP-adressen',
    devices: 'De apparaten',
    applications: 'Toepassingen',
  },
  methods: 'Methoden voor deze persoon',
  columns: { method: 'Methode', allowed: 'Beleid', registered: 'Geregistreerd' },
  standings: {
    allowed: 'Toegestaan',
    off: 'Uit voor iedereen zoals deze persoon',
    'excluded-group': 'Uitgesloten, door een groep',
    'not-included': 'Niet bij de groepen die mogen',
  },
  yes: 'Ja',
  no: 'Nee',
};
