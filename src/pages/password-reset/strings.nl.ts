import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  link: 'Hebt u geen toegang tot uw account?',
  name: {
    title: 'Weer toegang tot uw account',
    intro:
      'Wachtwoord vergeten, of buitengesloten? Laat zien dat u het bent en kies een nieuw wachtwoord.',
    label: 'Gebruikersnaam',
    hint: (domain) => `Uw werk- of schoolaccount, zoals naam@${domain}`,
    missing: 'Typ uw gebruikersnaam.',
    next: 'Volgende',
    wait: {
      title: 'Een ogenblik',
      body: 'Uw browser heeft de berekening niet gemaakt die programma’s buiten houdt. Wacht in plaats daarvan: een halve minuut is genoeg. Druk dan op Volgende.',
      left: (time) => `U kunt verder over ${time}`,
      over: 'U kunt nu verder.',
    },
    limited: {
      title: 'Te vaak zonder de berekening',
      body: 'Vanaf uw netwerk is dit te vaak gevraagd door browsers zonder script. Gebruik een browser met script, of probeer het later opnieuw.',
      left: (time) => `U kunt het opnieuw proberen over ${time}`,
      over: 'U kunt het nu opnieuw proberen.',
    },
    again: 'Deze pagina was te oud geworden. Druk nog een keer op Volgende.',
  },
  choose: {
    title: 'Laat zien dat u het bent',
    next: 'Laat het op een tweede manier zien',
    intro:
      'Kies iets wat u voor dit account hebt geregistreerd. Om uw account te beschermen is deze lijst voor iedereen dezelfde: er staat niet in wat u hebt.',
    second: 'Dat was juist. Kies nu een tweede, andere manier.',
    help: 'Hebt u niets van dit alles? Neem contact op met uw beheerder, die u verder kan helpen.',
  },
  gates: {
    notification: {
      label: 'Een melding goedkeuren in mijn authenticator-app',
      detail: 'Alleen als u de Tweestap Authenticator hebt',
    },
    'authenticator-code': {
      label: 'Een code invoeren uit mijn authenticator-app',
      detail: 'Of van een token',
    },
    'security-key': {
      label: 'Mijn beveiligingssleutel of wachtwoordsleutel gebruiken',
      detail: 'Een die bij dit account bekend is',
    },
    'recovery-codes': {
      label: 'Een herstelcode gebruiken',
      detail: 'Van het blad dat u hebt afgedrukt',
    },
    email: {
      label: 'E-mail naar mijn alternatieve e-mailadres',
      detail: 'U typt eerst het hele adres',
    },
    'text-message': {
      label: 'Sms naar mijn mobiele telefoon',
      detail: 'U typt eerst het hele nummer',
    },
    'phone-call': {
      label: 'Mijn mobiele telefoon of bureautelefoon bellen',
      detail: 'U typt eerst het hele nummer',
    },
    'security-questions': {
      label: 'Mijn beveiligingsvragen beantwoorden',
      detail: 'De vragen die u hebt gekozen',
    },
  },
  naming: {
    phone: {
      title: 'Welk nummer mogen we gebruiken?',
      intro:
        'Typ het hele nummer zoals u het hebt geregistreerd. Alleen als het klopt, gaat er iets naartoe. De volgende pagina ziet er in beide gevallen hetzelfde uit.',
      label: 'Telefoonnummer',
      hint: 'Een nummer uit een ander land begint met + en het landnummer.',
      wrong:
        'Zo’n nummer kennen we niet. Controleer het, en typ het hele nummer, zoals 06 12345678.',
      text: 'De sms versturen',
      call: 'Bel mij',
    },
    mail: {
      title: 'Welk adres mogen we gebruiken?',
      intro:
        'Typ het hele adres zoals u het hebt geregistreerd. Alleen als het klopt, gaat er een code naartoe. De volgende pagina ziet er in beide gevallen hetzelfde uit.',
      label: 'E-mailadres',
      hint: 'Het adres dat u hebt geregistreerd om uw wachtwoord opnieuw in te stellen.',
      wrong: 'Dat is geen e-mailadres. Typ het zoals in naam@example.org.',
      send: 'De code versturen',
    },
  },
  challenge: {
    over: 'We konden niet vaststellen dat u het bent',
    perhaps:
      'Komt er niets? Dan is dit misschien niet wat u hebt geregistreerd. Kies een andere manier, of neem contact op met uw beheerder.',
    anotherWay: 'Een andere manier kiezen',
    cancel: 'Annuleren',
    admin: 'Geen andere manier? Neem contact op met uw beheerder, die u verder kan helpen.',
    closed: {
      title: 'We konden u op deze manier niet verifiëren',
      body: 'Er is te vaak verkeerd geantwoord. Deze manier is een tijd gesloten. Kies een andere manier, of neem contact op met uw beheerder.',
      left: (time) => `Deze manier gaat weer open over ${time}`,
      over: 'Deze manier is weer open. Kies hem nog een keer.',
    },
  },
  password: {
    title: 'Kies een nieuw wachtwoord',
    intro: 'U hebt laten zien dat u het bent.',
    label: 'Nieuw wachtwoord',
    hint: 'Minstens 8 tekens. Een paar woorden achter elkaar zijn sterk en goed te onthouden.',
    strength: ['Nog makkelijk te raden', 'Mag langer', 'Sterk', 'Heel sterk'],
    again: 'Typ het nieuwe wachtwoord nog een keer',
    missing: 'Typ een nieuw wachtwoord.',
    differs: 'De twee wachtwoorden zijn niet gelijk. Typ het nieuwe wachtwoord twee keer.',
    signedOut:
      'U wordt overal afgemeld. De tweede stap wordt bij de volgende aanmelding gewoon gevraagd.',
    appPasswords: 'Ook uw app-wachtwoorden vervallen.',
    finish: 'Voltooien',
    unlockIntro: 'Kent u uw wachtwoord, en bent u buitengesloten na verkeerde pogingen?',
    unlock: 'Alleen ontgrendelen en mijn wachtwoord houden',
    refused: {
      'too-short': 'Dit wachtwoord is te kort. Gebruik minstens 8 tekens.',
      'too-long': 'Dit wachtwoord is te lang. Gebruik hoogstens 256 tekens.',
      'too-common':
        'Dit wachtwoord wordt als eerste geraden: velen gebruiken het, of uw organisatie verbiedt het. Kies een paar eigen woorden.',
      'names-owner':
        'In dit wachtwoord staat uw naam of die van uw organisatie. Kies er een zonder.',
      same: 'Dit is het wachtwoord dat u hebt. Kies een ander, of ontgrendel alleen.',
      'directory-rules':
        'De directory van uw organisatie accepteert dit wachtwoord niet: het is daarvoor te eenvoudig, of u had het al eens. Kies een ander.',
      'directory-keeps':
        'Uw wachtwoord staat in de directory van uw organisatie. Het wordt daar opnieuw ingesteld, en niet hier.',
      'directory-unavailable':
        'De directory van uw organisatie, waarin uw wachtwoord staat, antwoordt niet. Probeer het later opnieuw.',
    },
    paused: {
      title: 'Dat was vaak vandaag',
      body: 'Dit wachtwoord is binnen een dag vijf keer opnieuw ingesteld.',
      left: (time) => `U kunt verder over ${time}`,
      over: 'U kunt nu verder.',
    },
  },
  stopped: {
    title: 'We konden uw account niet verifiëren',
    body: 'Wat u hebt laten zien was juist, maar dit wachtwoord kan hier niet opnieuw worden ingesteld: uw organisatie vraagt meer dan u hebt geregistreerd, staat het voor uw account niet toe, of het account is gesloten.',
    now: 'Neem contact op met uw beheerder, die u verder kan helpen.',
  },
  elsewhere: {
    title: 'Uw wachtwoord wordt hier niet opnieuw ingesteld',
    body: 'Wat u hebt laten zien was juist. Maar uw wachtwoord staat in de directory van uw organisatie, dus het kan hier niet opnieuw worden ingesteld.',
    now: 'Neem contact op met uw beheerder, die daar een nieuw wachtwoord kan instellen.',
    change: 'Naar de plek waar uw organisatie wachtwoorden instelt',
  },
  nobody: {
    title: 'Uw beheerder stelt uw wachtwoord opnieuw in',
    body: 'In uw organisatie kunt u een vergeten wachtwoord niet zelf opnieuw instellen.',
    now: 'Neem contact op met uw beheerder.',
  },
  helpDesk: 'Naar uw helpdesk',
  done: {
    title: 'Uw wachtwoord is gewijzigd',
    body: 'Meld u aan met het nieuwe. We hebben u er op al uw adressen een e-mail over gestuurd.',
    quiet: 'Meld u aan met het nieuwe.',
    signIn: 'Aanmelden',
  },
  unlocked: {
    title: 'Uw account is ontgrendeld',
    body: 'Meld u aan met het wachtwoord dat u kent.',
    signIn: 'Aanmelden',
  },
};
