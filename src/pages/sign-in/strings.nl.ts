import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  name: {
    title: 'Aanmelden',
    goOn: (application) => `om verder te gaan naar ${application}`,
    label: 'Gebruikersnaam',
    hint: (domain) => `Uw werk- of schoolaccount, zoals naam@${domain}`,
    missing: 'Typ uw gebruikersnaam.',
    lost: 'U was niet meer aangemeld, dus er is niets gewijzigd. Meld u aan en doe het nog een keer.',
    next: 'Volgende',
  },
  password: {
    title: 'Voer uw wachtwoord in',
    label: 'Wachtwoord',
    missing: 'Typ uw wachtwoord.',
    wrong:
      'Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar. Controleer beide en typ het wachtwoord opnieuw.',
    paused: {
      title: 'Wacht even voordat u het opnieuw probeert',
      body: 'Er is te vaak een verkeerd wachtwoord getypt. Uw account is er nog: na de pauze kunt u verder.',
      left: (time) => `U kunt het over ${time} opnieuw proberen`,
      over: 'U kunt het nu opnieuw proberen.',
    },
    unavailable: {
      title: 'We kunnen u nu niet binnenlaten',
      body: 'De directory van uw organisatie, waarin wachtwoorden staan, antwoordt niet. Controleer wat u typte en probeer het later opnieuw. Blijft dit gebeuren, neem dan contact op met uw beheerder.',
    },
    signIn: 'Aanmelden',
  },
  pass: {
    way: 'Een tijdelijke toegangspas gebruiken',
    intro:
      'Uw beheerder kan er een voor u maken als u uw telefoon kwijt bent, of alles bent vergeten.',
    label: 'Tijdelijke toegangspas',
    hint: 'Kleine letters mogen, en de spatie kunt u weglaten.',
    missing: 'Typ de pas die uw beheerder u heeft gezegd.',
    wrong:
      'Deze gebruikersnaam en pas horen niet bij elkaar, of de tijd van de pas is voorbij. Controleer beide, of vraag uw beheerder om een nieuwe pas.',
    signIn: 'Aanmelden met de pas',
  },
  passkey: {
    way: 'Aanmelden met een beveiligingssleutel of wachtwoordsleutel',
    overTitle: 'Probeer het opnieuw met uw sleutel',
    again: 'Opnieuw beginnen',
    byName: 'Aanmelden met uw gebruikersnaam',
    paused: {
      title: 'Wacht even voordat u het opnieuw probeert',
      body: 'Er zijn te veel sleutels vanaf uw netwerk geweigerd. Met uw gebruikersnaam kunt u zich intussen wel aanmelden.',
      left: (time) => `U kunt het opnieuw proberen over ${time}`,
      over: 'U kunt het nu opnieuw proberen.',
    },
  },
  challenge: {
    overTitle: 'Probeer opnieuw te laten zien dat u het bent',
    anotherWay: 'Op een andere manier aanmelden',
    cancel: 'Annuleren',
    codeInstead: 'Een code uit de app gebruiken',
    onceMore: 'Laat nog eens zien dat u het bent',
    backToProfile: 'Terug naar Mijn profiel',
  },
  choose: {
    title: 'Op een andere manier aanmelden',
    limitTitle: 'Laat zien dat u het bent',
    intro:
      'Verificatie in twee stappen beschermt uw account. Kies hoe u wilt laten zien dat u het bent.',
    back: 'Terug',
    ask: 'Hebt u niets van dit alles bij de hand? Vraag uw beheerder om u binnen te helpen.',
  },
  paused: {
    title: 'Wacht even voordat u opnieuw laat zien dat u het bent',
    happened: 'Er is bij de tweede stap te vaak verkeerd geantwoord. Die stap is nu even gesloten.',
    told: 'We hebben u daarover een e-mail gestuurd.',
    notYou: 'Was u dit niet, dan kent iemand anders uw wachtwoord: vertel het uw beheerder.',
    left: (time) => `U kunt over ${time} verder`,
    over: 'U kunt nu verder.',
    goOn: 'Verder',
  },
  changePassword: {
    title: 'Kies een nieuw wachtwoord',
    intro:
      'Misschien kent iemand anders het wachtwoord van dit account. Het geldt daarom niet meer. Kies een nieuw wachtwoord.',
    label: 'Nieuw wachtwoord',
    hint: 'Minstens 8 tekens. Een paar woorden achter elkaar zijn sterk en goed te onthouden.',
    missing: 'Typ een nieuw wachtwoord.',
    refused: {
      'too-short': 'Dit wachtwoord is te kort. Gebruik minstens 8 tekens.',
      'too-long': 'Dit wachtwoord is te lang. Gebruik hoogstens 256 tekens.',
      'too-common':
        'Veel mensen gebruiken dit wachtwoord, dus het wordt als eerste geraden. Kies een paar woorden van uzelf.',
      'names-owner':
        'In dit wachtwoord staat uw naam of die van uw organisatie. Kies er een zonder.',
      same: 'Dit is het wachtwoord dat u net gebruikte. Kies een ander.',
      'directory-rules':
        'De directory van uw organisatie accepteert dit wachtwoord niet: het is daarvoor te eenvoudig, of u had het al eens. Kies een ander.',
      'directory-keeps':
        'Uw wachtwoord staat in de directory van uw organisatie. Het wordt daar gewijzigd, en niet hier.',
      'directory-unavailable':
        'De directory van uw organisatie, waarin uw wachtwoord staat, antwoordt niet. Probeer het later opnieuw.',
    },
    expired:
      'Uw wachtwoord is verlopen, of een beheerder heeft het voor u ingesteld. Kies een nieuw wachtwoord.',
    elsewhere: {
      title: 'Wijzig eerst uw wachtwoord',
      intro:
        'Uw wachtwoord was juist, maar het is verlopen, of een beheerder heeft het voor u ingesteld. Voordat u verder kunt, moet u het wijzigen.',
      where:
        'Het staat in de directory van uw organisatie en wordt dus niet op deze pagina gewijzigd.',
      change: 'Daar wijzigen',
      ask: 'Wijzig het op een computer van uw organisatie, of vraag uw beheerder waar dat kan.',
      again: 'Ik heb het gewijzigd: opnieuw aanmelden',
    },
    change: 'Wachtwoord wijzigen',
    signedOut: 'U wordt overal elders afgemeld.',
  },
  prepare: {
    register: {
      title: 'Bereid u voor op een vergeten wachtwoord',
      body: (needed) =>
        needed === 1
          ? 'Uw organisatie vraagt u iets te registreren waarmee u zelf een nieuw wachtwoord kunt instellen: een e-mailadres, een telefoon, een app, een sleutel of herstelcodes.'
          : 'Uw organisatie vraagt u twee verschillende dingen te registreren waarmee u zelf een nieuw wachtwoord kunt instellen: een e-mailadres, een telefoon, een app, een sleutel of herstelcodes.',
      now: 'Nu instellen',
    },
    confirm: {
      title: 'Klopt dit nog?',
      body: 'Hiermee kunt u zelf een nieuw wachtwoord instellen als u het uwe vergeet. Kijk of alles nog van u is.',
      right: 'Ziet er goed uit',
      change: 'Iets wijzigen',
    },
    registered: 'Geregistreerd',
    later: 'Niet nu',
  },
  stay: {
    title: 'Aangemeld blijven?',
    body: (days) =>
      days === 1
        ? 'Dan hoeft u zich met deze browser 1 dag niet aan te melden, ook niet nadat u hem sluit.'
        : `Dan hoeft u zich met deze browser ${days} dagen niet aan te melden, ook niet nadat u hem sluit.`,
    hint: 'Alleen op een apparaat dat niemand anders gebruikt.',
    yes: 'Ja',
    no: 'Nee',
  },
  blocked: {
    'account-disabled': {
      title: 'Uw account is uitgeschakeld',
      happened: 'Met dit account kan nu niemand zich aanmelden.',
      now: 'Neem contact op met uw beheerder als u het nodig hebt.',
    },
    'account-blocked': {
      title: 'Uw account is geblokkeerd',
      happened:
        'Aanmelden kan nu niet, om het account te beschermen: na een melding van fraude, of door uw beheerder.',
      now: 'Neem contact op met uw beheerder om het te laten deblokkeren.',
    },
    'no-method': {
      title: 'We kunnen niet vaststellen dat u het bent',
      happened: 'Geen van uw verificatiemethoden is toegestaan voor wat u wilt openen.',
      now: 'Neem contact op met uw beheerder, die u aan een andere methode kan helpen.',
    },
    'registration-closed': {
      title: 'Vraag uw beheerder of u uw account mag instellen',
      happened:
        'Een eerste verificatiemethode kunt u alleen instellen zolang uw beheerder dat toestaat, en op dit moment is dat niet zo.',
      now: 'Neem contact op met uw beheerder, die het voor u kan openzetten.',
    },
  },
  asksFor: (application, what) =>
    application === undefined
      ? `Daarvoor is zoiets nodig: ${what}.`
      : `Voor ${application} is zoiets nodig: ${what}.`,
  helpDesk: 'Naar uw helpdesk',
  help: {
    'forgotten-phone': 'Hulp als u niets hiervan hebt',
    password: 'Hulp met uw wachtwoord',
    'locked-out': 'Hulp als u er niet meer in kunt',
    admin: 'Hoe u uw beheerder bereikt',
    'start-again': 'Hulp als dit vaker gebeurt',
  },
  otherAccount: 'Aanmelden met een ander account',
  gone: {
    again: 'Opnieuw beginnen',
    goOn: 'Doorgaan',
    profile: 'Naar uw profiel',
    signedIn: (name) => `U bent aangemeld als ${name}.`,
  },
};
