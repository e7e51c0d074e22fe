import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  page: 'Aanvullende beveiligingsverificatie',
  step: (step, what) => `Stap ${step}: ${what}`,
  back: 'Terug',
  next: 'Volgende',
  contactMe: 'Contact met mij opnemen',
  interrupt: {
    title: 'Aanvullende beveiligingsverificatie instellen',
    heading:
      'Uw beheerder vereist dat u dit account instelt voor aanvullende beveiligingsverificatie',
    why: 'Voortaan meldt u zich aan met uw wachtwoord en met iets dat u bij u hebt: een telefoon, een app of een beveiligingssleutel. Zo komt niemand binnen die alleen uw wachtwoord kent.',
    how: 'Het duurt ongeveer twee minuten. U kunt zich aanmelden zodra het klaar is; wat u hebt laten zien, blijft bewaard als u halverwege stopt.',
    setUp: 'Nu instellen',
  },
  contact: {
    heading: 'Hoe moeten we contact met u opnemen?',
    way: 'Contactmethode',
    ways: {
      mobile: 'Verificatietelefoon',
      office: 'Bureautelefoon',
      app: 'Mobiele app',
      key: 'Beveiligingssleutel',
    },
    country: 'Land of regio',
    countriesAsk:
      'Landen die grijs zijn, zijn hier niet mogelijk. Vraag uw beheerder als u er een nodig hebt.',
    number: 'Telefoonnummer',
    numberHint: 'Zoals u het in dat land kiest, of met + en het landnummer.',
    method: 'Methode',
    methods: { text: 'Stuur mij een code per sms', call: 'Bel mij' },
    officeNumber: 'Uw bureautelefoon',
    officeWrong:
      'Dit nummer komt van uw organisatie. Klopt het niet? Vraag uw beheerder om het te wijzigen.',
    extension: 'Toestelnummer',
    extensionHint: 'Als u er een hebt. We kiezen het nadat de oproep is beantwoord.',
    app: 'Hoe wilt u de mobiele app gebruiken?',
    appUses: {
      notification: {
        label: 'Meldingen voor verificatie ontvangen',
        detail:
          'De Tweestap Authenticator op uw telefoon vraagt het u, en u keurt het daar goed. Hij toont ook codes, voor als er geen netwerk is.',
      },
      code: {
        label: 'Verificatiecode gebruiken',
        detail:
          'De app toont een code die elke 30 seconden verandert. Daar is geen netwerk voor nodig, en elke authenticator-app is goed.',
      },
    },
    setUp: 'Instellen',
    missingWay: 'Kies hoe we contact met u moeten opnemen.',
    missingMethod: 'Kies of we een sms sturen of u bellen.',
    missingUse: 'Kies hoe u de mobiele app wilt gebruiken.',
    unreadable: 'We konden dit niet lezen. Controleer het en probeer het opnieuw.',
    unavailable: 'niet beschikbaar',
    none: {
      title: 'Uw organisatie staat geen van deze methoden toe',
      body: 'U kunt uw account niet zelf instellen. Neem contact op met uw beheerder.',
    },
  },
  addMethod: {
    strength: (application) => ({
      title: 'Er is nog een methode nodig',
      why:
        application === undefined
          ? 'Wat u wilt openen, vraagt om een methode die u nog niet hebt ingesteld.'
          : `${application} vraagt om een methode die u nog niet hebt ingesteld.`,
      how: 'Stel die nu in, dan gaat u daarna verder. Wat u al hebt, blijft zoals het is.',
    }),
    campaign: (maySnooze) => ({
      title: 'Aanmelden met een app op uw telefoon',
      why: 'Uw organisatie vraagt u een authenticator-app in te stellen: u keurt een aanmelding goed op uw telefoon, zonder op een sms of een oproep te wachten.',
      how: maySnooze
        ? 'Het duurt ongeveer twee minuten. Het kan ook later: we vragen het u dan opnieuw.'
        : 'Het duurt ongeveer twee minuten, en het is nu verplicht. Wat u al hebt, blijft zoals het is.',
    }),
    setUp: (what) => `Instellen: ${what}`,
    later: 'Niet nu',
  },
  adding: {
    page: 'Een methode toevoegen',
    changing: 'Een methode wijzigen',
    replaces: (detail) =>
      `Nu is het ${detail}. Dat blijft werken tot u hier hebt laten zien dat de nieuwe van u is.`,
    atHand: 'Houd het bij de hand: op de volgende pagina staat wat u moet doen.',
    cancel: 'Annuleren',
    none: 'Uw organisatie staat deze methode niet meer toe. Kies een andere, of vraag uw beheerder.',
    back: 'Terug naar Beveiligingsgegevens',
  },
  reasons: {
    off: (ways) =>
      `${ways.join(', ')}: uw organisatie staat deze ${ways.length === 1 ? 'methode' : 'methoden'} niet toe. Kies een andere, of vraag uw beheerder.`,
    'excluded-group': (ways) =>
      `${ways.join(', ')}: uw organisatie staat deze ${ways.length === 1 ? 'methode' : 'methoden'} voor u niet toe. Kies een andere, of vraag uw beheerder.`,
    'not-included': (ways) =>
      `${ways.join(', ')}: uw organisatie staat deze ${ways.length === 1 ? 'methode' : 'methoden'} alleen voor andere groepen toe. Kies een andere, of vraag uw beheerder.`,
    'no-office-number': (ways) =>
      `${ways.join(', ')}: uw organisatie heeft geen nummer op kantoor voor u. Vraag uw beheerder om het toe te voegen, of kies een andere methode.`,
  },
  methodReasons: {
    off: 'Uw organisatie staat deze methode niet toe.',
    'excluded-group': 'Uw organisatie staat deze methode voor u niet toe.',
    'not-included': 'Uw organisatie staat deze methode alleen voor andere groepen toe.',
  },
  prove: {
    text: 'We hebben een sms-bericht naar uw telefoon gestuurd',
    call: 'We bellen uw telefoon',
    code: 'Verificatiecode van mobiele app invoeren',
    notification: 'Keur het verzoek in de mobiele app goed',
    pairing: 'Mobiele app configureren',
    joined: 'Mobiele app testen',
    waiting: 'We wachten op uw app. Deze pagina gaat vanzelf verder zodra die is gekoppeld.',
    key: 'Uw beveiligingssleutel instellen',
    again: {
      phone: 'Laat zien dat dit uw telefoon is',
      app: 'Laat zien dat dit uw mobiele app is',
      key: 'Stel uw beveiligingssleutel opnieuw in',
    },
    notSent: 'Er is nog niets naar uw telefoon gestuurd.',
  },
  backup: {
    heading: 'Als u geen toegang meer hebt tot de mobiele app',
    intro:
      'Geef ons ook een telefoonnummer. We sturen er alleen een sms naartoe of bellen het als u erom vraagt. Zo sluit een verloren of nieuwe telefoon u niet buiten.',
    skip: 'Doorgaan zonder reservetelefoon',
    warning:
      'Zonder reservetelefoon kunt u zich niet aanmelden als u de app kwijtraakt: alleen uw beheerder kan u dan binnen helpen.',
  },
  backupOfKey: {
    heading: 'Als u uw beveiligingssleutel kwijtraakt',
    intro:
      'Geef ons ook een telefoonnummer. We sturen er alleen een sms naartoe of bellen het als u erom vraagt. Zo sluit een verloren sleutel u niet buiten.',
    warning:
      'Zonder reservetelefoon of tweede sleutel kunt u zich niet aanmelden als u deze kwijtraakt: alleen uw beheerder kan u dan binnen helpen.',
  },
  appPassword: {
    heading: 'Bestaande toepassingen blijven gebruiken',
    intro:
      'Sommige oudere apps, zoals een mailprogramma op een computer of telefoon, kunnen niet om een tweede stap vragen. Typ in die apps dit app-wachtwoord in plaats van uw gewone wachtwoord. U mag één app-wachtwoord voor meer apps gebruiken.',
    label: (name) => `App-wachtwoord ‘${name}’`,
    once: (days) =>
      `Kopieer het nu: na Gereed kan niemand het nog zien. Het werkt ${days === 1 ? '1 dag' : `${days} dagen`}; maak daarna een nieuw onder Mijn profiel, App-wachtwoorden. Niemand zal u er ooit om vragen.`,
    off: 'Uw organisatie gebruikt geen app-wachtwoorden: apps die niet om een tweede stap kunnen vragen, werken niet met dit account.',
    have: 'U hebt al app-wachtwoorden, en die blijven werken.',
    done: 'Gereed',
    notNeeded: 'Ik gebruik geen oudere apps',
  },
};
