import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

/** Wat de rapporten zeggen. */
export const nl: Translation<typeof en> = {
  title: 'Rapporten',
  intro:
    'Hoe men zich aanmeldt en wat daarbij in de weg staat. Elk deel van een grafiek leidt naar de lijst erachter.',
  period: 'Periode',
  periods: { 7: '7 dagen', 30: '30 dagen', 90: '90 dagen', 365: 'Een jaar' },
  csv: 'CSV',
  now: 'Zoals het nu is, ongeacht de periode.',
  nothing: 'Niets in deze periode.',
  parts: {
    day: 'Dag',
    week: 'Week vanaf',
    method: 'Methode',
    reason: 'Waarom',
    group: 'Groep',
    country: 'Land',
  },
  week: (from: string) => `Week vanaf ${from}`,
  other: 'Overige',
  everybody: 'Iedereen',
  unknownCountry: 'Land onbekend',
  reports: {
    signIns: {
      title: 'Aanmeldingen naar uitkomst',
      intro: 'Niet afgemaakt: het wachtwoord was juist, en er volgde niets.',
      series: { success: 'Aangemeld', interrupted: 'Niet afgemaakt', failure: 'Geweigerd' },
    },
    methods: {
      title: 'Aanmeldingen naar methode',
      intro: 'Wat de aanmelding besliste.',
      series: { success: 'Aangemeld', other: 'Geweigerd of niet afgemaakt' },
    },
    failures: {
      title: 'Waarom tweede stappen mislukken',
      intro: 'Elk antwoord dat is geweigerd, ook waar het volgende juist was.',
      series: { refused: 'Geweigerde antwoorden' },
    },
    registered: {
      title: 'Geregistreerd in de loop van de tijd',
      intro: 'Wat men heeft ingesteld, elke keer dat men dat deed.',
    },
    kinds: {
      title: 'Wat men heeft geregistreerd',
      series: { people: 'Personen' },
    },
    coverage: {
      title: 'Dekking per groep',
      intro:
        'Klaar: heeft iets geregistreerd dat volgens de instellingen mag worden gebruikt. Uitgeschakelde accounts tellen niet mee.',
      series: {
        capable: 'Klaar',
        notAllowed: 'Alleen wat niet mag',
        nothing: 'Niets geregistreerd',
      },
      ready: (share: string) => `${share} van iedereen is klaar.`,
    },
    resets: {
      title: 'Opnieuw ingestelde wachtwoorden',
      intro: 'Zonder de helpdesk, en door de helpdesk.',
      series: {
        reset: 'Zelf opnieuw ingesteld',
        unlocked: 'Pauze zelf beëindigd',
        admin: 'Ingesteld door een beheerder',
      },
    },
    alarms: {
      title: 'Fraudemeldingen',
      intro: 'Wie zei dat hij of zij het niet was, en pauzes na tien verkeerde tweede stappen.',
      series: {
        reported: 'Gesprek of verzoek gemeld',
        denied: 'Aanmelding gemeld',
        paused: 'Gepauzeerd',
      },
    },
    messages: {
      title: 'Sms-berichten en gesprekken',
      intro: 'Zoals uw providers ze aannamen.',
      series: { text: 'Sms-berichten', call: 'Gesprekken', failed: 'Niet verzonden' },
    },
    countries: {
      title: 'Sms-berichten en gesprekken per land',
      series: { text: 'Sms-berichten', call: 'Gesprekken' },
      costs: (all: string, texts: string, calls: string) =>
        `Ongeveer ${all}: sms-berichten ${texts}, gesprekken ${calls}, tegen de prijzen in de instellingen.`,
      noPrice: 'In de instellingen staat geen prijs; daarom staan hier geen kosten.',
      unpriced: 'geen prijs',
      cost: 'Kosten, ongeveer',
    },
  },
};
