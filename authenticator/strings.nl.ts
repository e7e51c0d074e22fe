/** Wat de authenticator zegt, in het Nederlands. */
import type { Translation } from '../src/i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  app: 'Tweestap Authenticator',
  back: 'Terug',
  cancel: 'Annuleren',
  close: 'Sluiten',
  next: 'Volgende',
  save: 'Opslaan',
  tryAgain: 'Opnieuw proberen',
  show: 'Tonen',
  hide: 'Verbergen',
  seconds: (count) => (count === 1 ? 'nog 1 seconde' : `nog ${count} seconden`),
  update: {
    ready: 'Er is een nieuwe versie van deze app.',
    button: 'Nu gebruiken',
    later: 'Anders wordt die gebruikt als u de app de volgende keer opent.',
  },
  home: {
    title: 'Accounts',
    add: 'Account toevoegen',
    settings: 'Instellingen',
    order: 'Volgorde wijzigen',
    orderDone: 'Gereed',
    up: (name) => `${name} omhoog`,
    down: (name) => `${name} omlaag`,
    movedTo: (name, place, of) => `${name} is nu nummer ${place} van ${of}.`,
    details: 'Details',
    copy: (name) => `De code van ${name} kopiëren`,
    copied: 'Gekopieerd',
    copiedLong: (name) => `De code van ${name} is gekopieerd.`,
    cannotCopy: 'Uw browser laat ons niet kopiëren. Typ de code over.',
    waiting: 'Iemand meldt zich aan. Bent u het?',
    look: 'Bekijken',
    empty: {
      title: 'Hier is nog niets',
      body: 'Met deze app keurt u aanmeldingen bij uw werk- of schoolaccount goed, en ziet u de codes ervan. Codes van andere diensten toont hij ook.',
      steps: [
        'Open op uw computer de pagina waarop u de mobiele app instelt.',
        'Kies hier Account toevoegen.',
        'Scan de QR-code op die pagina, of typ de Code en de URL over.',
      ],
      restore: 'Een back-up terugzetten',
    },
    standing: {
      codesOnly: 'Alleen codes. Registreer deze telefoon opnieuw om aanmeldingen goed te keuren.',
      removed: 'Deze telefoon is bij het account verwijderd.',
      unreachable: 'De server is niet bereikbaar. Codes werken wel.',
      offline: 'U bent offline. Codes werken wel.',
    },
    clock: (minutes) =>
      `De klok van deze telefoon loopt ${minutes < 2 ? 'ongeveer een minuut' : `${minutes} minuten`} verkeerd; codes worden daardoor misschien geweigerd. Laat de telefoon de tijd zelf instellen.`,
  },
  add: {
    title: 'Account toevoegen',
    intro:
      'Scan de QR-code op de pagina waar u uw account instelt. Hebt u die niet voor u? Meld u aan op een computer en open Beveiligingsgegevens.',
    scan: 'Een QR-code scannen',
    scanDetail: 'Van uw werk of school, of van een andere dienst',
    manual: 'Account handmatig invoeren',
    manualDetail: 'Met de Code en de URL naast de QR-code',
    other: 'Een sleutel van een andere dienst invoeren',
    otherDetail: 'Alleen codes',
    restore: 'Een back-up terugzetten',
    restoreDetail: 'Uit een bestand dat deze app heeft gemaakt',
  },
  install: {
    title: 'Zet de app eerst op uw telefoon',
    iosWhy:
      'Op een iPhone of iPad bewaart deze app uw accounts, en krijgt hij meldingen, alleen vanaf het beginscherm.',
    iosSteps: [
      'Kies Deel aan de rand van het scherm.',
      'Kies Zet op beginscherm en daarna Voeg toe.',
      'Open Authenticator vanaf het beginscherm en scan daar de QR-code.',
    ],
    anyway: 'Doorgaan in de browser',
    offer: 'De app installeren',
    offerWhy: 'U opent hem dan vanaf uw beginscherm, ook zonder netwerk.',
    android: 'Kies in het menu van uw browser App installeren of Toevoegen aan startscherm.',
    button: 'Installeren',
    done: 'De app is geïnstalleerd.',
  },
  scan: {
    title: 'QR-code scannen',
    aim: 'Houd de QR-code binnen het kader.',
    asking:
      'Sta de camera toe, zodat deze app de QR-code kan lezen. Het beeld verlaat uw telefoon niet.',
    denied:
      'De camera is niet toegestaan. Sta hem toe in de instellingen van uw browser, of typ over wat naast de QR-code staat.',
    none: 'Dit apparaat heeft geen camera die we kunnen gebruiken. Typ over wat naast de QR-code staat.',
    broken:
      'De camera werkt nu niet. Sluit andere apps die hem gebruiken, of typ over wat naast de QR-code staat.',
    foreign:
      'Met deze QR-code kunt u geen account toevoegen. Gebruik die op de pagina waar u de app instelt.',
    counter: 'Deze soort QR-code kennen we niet. Kies codes die met de tijd veranderen.',
    manual: 'Account handmatig invoeren',
    preview: 'Beeld van de camera',
  },
  manual: {
    title: 'Account handmatig invoeren',
    intro: 'Typ over wat naast de QR-code staat. Hoofdletters en streepjes maken niet uit.',
    code: 'Code',
    url: 'URL',
    finish: 'Voltooien',
    codeWrong: 'Typ de code over zoals die naast de QR-code staat, bijvoorbeeld ABCD-EFGH-JKLM.',
    urlWrong: 'Typ de URL over zoals die naast de QR-code staat. Die begint met https://.',
  },
  other: {
    title: 'Een andere dienst',
    intro: 'Typ de sleutel die de dienst toont als u kiest om niet te scannen.',
    issuer: 'Naam van de dienst',
    account: 'Uw naam daar',
    key: 'Sleutel',
    add: 'Account toevoegen',
    issuerWrong: 'Typ de naam van de dienst, zodat u hem hier terugvindt.',
    keyWrong: 'Typ de sleutel zoals de dienst die toont: letters, en de cijfers 2 tot en met 7.',
    confirmTitle: 'Dit account toevoegen?',
    confirmBody: 'Deze app toont dan de codes ervan.',
    replaces: 'U hebt dit account al. De sleutel wordt vervangen door de nieuwe.',
  },
  pairing: {
    confirmTitle: 'Dit account toevoegen?',
    confirmBody: (host) =>
      `Deze telefoon keurt dan aanmeldingen goed voor een account bij ${host}. Ga alleen verder als u het zelf instelt.`,
    code: 'Code',
    url: 'URL',
    button: 'Account toevoegen',
    busy: 'Het account wordt toegevoegd',
    pinTitle: 'Kies een pincode',
    pinBody:
      'Uw organisatie vraagt een pincode als u een aanmelding goedkeurt. Kies 4 tot 8 cijfers die niemand raadt.',
    pin: 'Pincode',
    pinAgain: 'Pincode nog een keer',
    pinWrong: 'Typ 4 tot 8 cijfers.',
    pinGuessable: 'Deze raadt iedereen het eerst. Kies een andere pincode.',
    pinDiffers: 'De twee zijn verschillend. Typ twee keer dezelfde pincode.',
    unknownCode:
      'Deze code is verlopen of verkeerd getypt. Vraag een nieuwe op de pagina waar u de app instelt.',
    tooMany: 'Dit is te vaak geprobeerd. Wacht enkele minuten en probeer het opnieuw.',
    clock:
      'De klok van deze telefoon loopt verkeerd. Laat de telefoon de tijd zelf instellen en probeer het opnieuw.',
    unreachable: (host) =>
      `We kunnen ${host} niet bereiken. Controleer de URL en uw netwerk en probeer het opnieuw.`,
    refused: 'De server heeft het niet aangenomen. Probeer het opnieuw, of vraag uw beheerder.',
    full: 'Uw browser kon het account niet bewaren: de opslag is vol of afgesloten. Maak ruimte en vraag een nieuwe code op de pagina waar u de app instelt.',
    doneTitle: 'Account toegevoegd',
    doneBody: (name) =>
      `Met deze telefoon keurt u nu aanmeldingen goed voor ${name}. Ga terug naar de pagina waar u hem instelt: die gaat vanzelf verder.`,
    notify:
      'Laat de app u melden dat iemand zich aanmeldt, ook als hij gesloten is. Meer dan dat staat er nooit in een melding.',
    deviceName: (browser, system) => `${browser} op ${system}`,
    notifyButton: 'Meldingen toestaan',
    notifyOn: 'Meldingen staan aan.',
    notifyDenied:
      'Meldingen staan uit. U kunt ze toestaan in de instellingen van uw browser of telefoon; open tot dan de app als u zich aanmeldt.',
    notifyFailed:
      'Meldingen kunnen hier nu niet aan. Open de app als u zich aanmeldt, of probeer het later bij Instellingen.',
    done: 'Gereed',
  },
  request: {
    title: 'Aanmelding goedkeuren?',
    testTitle: 'Een test: keur hem goed',
    intro: (who) => `Iemand meldt zich aan als ${who}. Bent u het?`,
    test: 'U hebt hierom gevraagd op de pagina waar u de app instelt.',
    application: 'Toepassing',
    ownPages: 'Tweestap',
    address: 'Plaats',
    browser: 'Browser',
    unknown: 'niet bekend',
    asked: 'Gevraagd',
    number: 'Het nummer op de aanmeldpagina',
    numberHint: 'Twee cijfers, op het andere scherm.',
    numberWrong: 'Typ de twee cijfers die op de aanmeldpagina staan.',
    pin: 'Pincode',
    pinWrong: 'Typ uw pincode: 4 tot 8 cijfers.',
    pinRefused: 'Dit is niet uw pincode. Probeer het opnieuw.',
    approve: 'Goedkeuren',
    deny: 'Weigeren',
    report: 'Dit was ik niet',
    reportTitle: 'Deze aanmelding melden?',
    reportBody:
      'Dan wordt deze geweigerd, hoort uw beheerder ervan, en wordt deze app niet meer gevraagd tot u op een andere manier hebt laten zien dat u het bent. Misschien blokkeert uw organisatie het account tot u de helpdesk belt. Iemand kent misschien uw wachtwoord: wijzig het.',
    reportButton: 'Melden',
    reportBack: 'Terug',
    later: 'Niet nu',
    more: (count) =>
      count === 1 ? 'Er wacht nog één aanmelding.' : `Er wachten nog ${count} aanmeldingen.`,
    unreachable: 'Er is geen netwerk; uw antwoord is niet verstuurd. Probeer het opnieuw.',
    results: {
      approved: { title: 'Goedgekeurd', body: 'Het andere scherm gaat vanzelf verder.' },
      denied: {
        title: 'Geweigerd',
        body: 'Er is niemand aangemeld. Was u het niet? Dan kent iemand misschien uw wachtwoord: wijzig het.',
      },
      reported: {
        title: 'Gemeld',
        body: 'Er is niemand aangemeld en uw beheerder weet ervan. Wijzig nu uw wachtwoord, want iemand kent het misschien.',
      },
      'wrong-number': {
        title: 'Dat was een ander nummer',
        body: 'Er is niemand aangemeld. Was u het? Probeer het dan opnieuw op het andere scherm: daar staat een nieuw nummer.',
      },
      locked: {
        title: 'Te vaak een verkeerde pincode',
        body: 'Deze telefoon kan nu niets goedkeuren. Meld u op een andere manier aan en registreer deze telefoon opnieuw bij Beveiligingsgegevens, of vraag uw beheerder.',
      },
      over: {
        title: 'Te laat',
        body: 'Deze aanmelding is voorbij. Was u het? Probeer het dan opnieuw op het andere scherm.',
      },
      refused: {
        title: 'Niet aangenomen',
        body: 'De server neemt geen antwoorden van deze telefoon aan. Registreer hem opnieuw bij Beveiligingsgegevens, of vraag uw beheerder.',
      },
    },
    reset: {
      title: 'Wachtwoord opnieuw instellen?',
      intro: (who) => `Iemand stelt het wachtwoord van ${who} opnieuw in. Bent u het?`,
      number: 'Het nummer op de pagina voor het wachtwoord',
      numberWrong: 'Typ de twee cijfers die op de pagina voor het wachtwoord staan.',
      reportTitle: 'Dit verzoek melden?',
      reportBody:
        'Dan wordt het geweigerd, hoort uw beheerder ervan, en wordt deze app niet meer gevraagd tot u op een andere manier hebt laten zien dat u het bent. Misschien blokkeert uw organisatie het account tot u de helpdesk belt. Iemand heeft iets van u waarmee u bewijst wie u bent: kijk bij Beveiligingsgegevens.',
      results: {
        denied: {
          title: 'Geweigerd',
          body: 'Uw wachtwoord blijft zoals het is. Was u het niet? Dan heeft iemand iets van u waarmee u bewijst wie u bent: kijk bij Beveiligingsgegevens, of vraag uw beheerder.',
        },
        reported: {
          title: 'Gemeld',
          body: 'Uw wachtwoord blijft zoals het is en uw beheerder weet ervan. Kijk bij Beveiligingsgegevens: iemand heeft iets van u waarmee u bewijst wie u bent.',
        },
        'wrong-number': {
          title: 'Dat was een ander nummer',
          body: 'Uw wachtwoord blijft zoals het is. Was u het? Probeer het dan opnieuw op het andere scherm: daar staat een nieuw nummer.',
        },
        over: {
          title: 'Te laat',
          body: 'Dit verzoek is voorbij. Was u het? Probeer het dan opnieuw op het andere scherm.',
        },
      },
    },
  },
  account: {
    title: 'Account',
    code: 'Verificatiecode',
    name: 'Naam in deze app',
    nameHint: 'Leeg: de naam van de organisatie.',
    nameHintOther: 'Leeg: de naam van de dienst.',
    saved: 'Opgeslagen',
    device: 'Naam van deze telefoon',
    deviceHint: 'Die ziet u bij Beveiligingsgegevens, om uw telefoons uit elkaar te houden.',
    deviceKept:
      'We konden het de server niet laten weten. Probeer het opnieuw als er een netwerk is.',
    approving: 'Keurt aanmeldingen goed',
    approvingYes: 'Ja, met deze telefoon',
    approvingPin: 'Ja, met uw pincode',
    codesOnly:
      'Nee: deze telefoon toont alleen codes. Sleutels die goedkeuren, zijn niet te kopiëren. Om weer goed te keuren opent u Beveiligingsgegevens op een computer, verwijdert u de app daar en voegt u die opnieuw toe.',
    removedThere:
      'Nee: deze telefoon is verwijderd bij Beveiligingsgegevens of door uw beheerder. De codes werken ook niet meer. U kunt het account hier verwijderen.',
    organisation: 'Organisatie',
    signInName: 'Aanmeldnaam',
    server: 'Server',
    activity: 'Recente activiteit',
    activityDetail: 'Wie zich heeft aangemeld, en wanneer',
    remove: 'Account verwijderen',
    removeTitle: (name) => `${name} verwijderen?`,
    removeBody:
      'Met deze telefoon kunt u dan geen aanmeldingen meer goedkeuren en geen codes meer zien voor het account. Zorg dat u zich op een andere manier kunt aanmelden; anders sluit u uzelf buiten.',
    removeOther:
      'Deze telefoon toont de codes dan niet meer. Zet verificatie in twee stappen eerst uit bij de dienst; anders sluit u uzelf daar buiten.',
    removed: (name) => `${name} is verwijderd.`,
    removedQuietly: (name) =>
      `${name} is hier verwijderd. De server kon het niet horen: verwijder deze telefoon ook bij Beveiligingsgegevens.`,
  },
  activity: {
    title: 'Recente activiteit',
    empty: 'Er heeft zich de laatste tijd niemand aangemeld.',
    loading: 'De server wordt gevraagd',
    unreachable: 'We kunnen de server niet bereiken. Probeer het opnieuw als er een netwerk is.',
    success: 'Aangemeld',
    failure: 'Geweigerd',
    interrupted: 'Niet afgemaakt',
    hint: 'Staat er iets bij dat u niet kent? Wijzig uw wachtwoord en meld het aan uw beheerder.',
  },
  settings: {
    title: 'Instellingen',
    language: 'Taal',
    languageAuto: 'Zoals de browser',
    notifications: 'Meldingen',
    notificationsOn: 'Aan',
    notificationsOff: 'Uit',
    notificationsDenied: 'Uit: niet toegestaan in de instellingen van uw browser of telefoon',
    notificationsCannot: 'Niet mogelijk in deze browser',
    notificationsAgain: 'Opnieuw proberen',
    notificationsFailed:
      'Meldingen kunnen hier nu niet aan. Open de app als u zich aanmeldt, of probeer het later opnieuw.',
    notificationsNone: 'Geen account hier stuurt ze',
    backup: 'Een back-up maken',
    backupDetail: 'Een bestand met uw codes, vergrendeld met een wachtwoordzin',
    restore: 'Een back-up terugzetten',
    restoreDetail: 'Uit een bestand dat deze app heeft gemaakt',
    install: 'De app installeren',
    about: 'Over deze app',
    version: 'Versie',
    storage: 'Opslag',
    storageKept: 'Blijft bewaard tot u die verwijdert',
    storageLoose:
      'De browser kan die wissen als de telefoon vol is. Installeer de app, of maak een back-up.',
    madeBy:
      'Vrije software, gemaakt door Tweestap. De app stuurt niets naar iemand anders dan de servers van uw eigen accounts.',
    check: 'Naar een nieuwe versie zoeken',
    newest: 'Dit is de nieuwste versie.',
  },
  backup: {
    title: 'Back-up maken',
    intro:
      'Het bestand bevat de codes van alle accounts, vergrendeld met uw wachtwoordzin. Wie beide heeft, heeft uw codes. Zonder de wachtwoordzin kan niemand het openen, en niemand kan u die teruggeven.',
    keys: 'Goedkeuren zit er niet in: die sleutel kan deze telefoon niet verlaten. Op een nieuwe telefoon registreert u dat opnieuw.',
    passphrase: 'Wachtwoordzin',
    passphraseHint: (count) =>
      `Ten minste ${count} tekens. Vier woorden die niets met elkaar te maken hebben, zijn goed.`,
    again: 'Wachtwoordzin nog een keer',
    strength: {
      'too-short': 'Te kort',
      weak: 'Zwak: makkelijk te raden',
      fair: 'Redelijk',
      strong: 'Sterk',
    },
    strengthLabel: 'Sterkte:',
    tooShort: (count) => `Typ ten minste ${count} tekens.`,
    tooWeak: 'Dit is makkelijk te raden. Gebruik meer verschillende tekens, of vier woorden.',
    differs: 'De twee zijn verschillend. Typ twee keer dezelfde wachtwoordzin.',
    button: 'Het bestand opslaan',
    busy: 'Het bestand wordt vergrendeld',
    done: 'Het bestand is opgeslagen. Bewaar het op een plek die u zonder deze telefoon kunt bereiken.',
    none: 'Er is nog geen account om een back-up van te maken.',
    fileName: 'tweestap-authenticator-back-up',
  },
  restore: {
    title: 'Back-up terugzetten',
    intro: 'Kies het bestand en typ de wachtwoordzin die u hebt gekozen toen u het maakte.',
    file: 'Bestand',
    passphrase: 'Wachtwoordzin',
    button: 'Terugzetten',
    busy: 'Het bestand wordt geopend',
    fileMissing: 'Kies het bestand.',
    unreadable:
      'Dit is geen back-up van deze app, of het bestand is beschadigd. Kies een ander bestand.',
    newer:
      'Dit bestand is gemaakt door een nieuwere versie van de app. Gebruik die versie om het terug te zetten.',
    passphraseMissing: 'Typ de wachtwoordzin.',
    wrong:
      'Met deze wachtwoordzin gaat het bestand niet open. Probeer het opnieuw: hoofdletters tellen.',
    doneTitle: 'Teruggezet',
    done: (count) => (count === 1 ? 'Eén account is terug.' : `${count} accounts zijn terug.`),
    kept: 'Accounts die al op deze telefoon stonden, blijven zoals ze zijn.',
    again:
      'Om met deze telefoon aanmeldingen goed te keuren, registreert u hem opnieuw: open op een computer Beveiligingsgegevens, verwijder de app daar en voeg die opnieuw toe.',
    finish: 'Naar de accounts',
  },
  trouble: {
    title: 'De app kan hier niet werken',
    insecure:
      'Deze pagina is niet over https geopend, dus laat de browser geen sleutels maken. Open de pagina op het adres dat begint met https://.',
    storage:
      'De browser bewaart niets voor deze app. Dat is zo in een privévenster, of waar sitegegevens zijn geblokkeerd. Open de app in een gewoon venster en sta sitegegevens toe.',
    old: 'Deze browser is te oud voor deze app. Gebruik een nieuwere.',
    unexpected:
      'Er ging iets mis dat we niet hadden voorzien. Open de app opnieuw; uw accounts zijn er nog.',
    reload: 'Opnieuw openen',
  },
  push: {
    title: 'Bent u dit?',
    body: 'Open de app om te zien wie het vraagt.',
  },
};
