import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

/** Wat de pagina's over berichten zeggen. */
export const nl: Translation<typeof en> = {
  title: 'Bezorging',
  intro:
    'Alle sms-berichten, gesprekken, e-mails en pushberichten van de laatste 30 dagen. Wat erin stond, krijgt niemand te zien.',
  none: 'Er is niets om te tonen',
  columns: {
    when: 'Wanneer',
    kind: 'Wat',
    who: 'Voor wie',
    state: 'Status',
    provider: 'Provider',
    tries: 'Pogingen',
    cost: 'Kosten',
    fault: 'Wat deze antwoordde',
    settled: 'Afgelopen sinds',
    reference: 'Hoe de provider het noemt',
    purpose: 'Waarvoor',
    id: 'Bericht',
  },
  kinds: { text: 'Sms', call: 'Gesprek', mail: 'E-mail', push: 'Pushbericht' },
  states: { queued: 'Onderweg', sent: 'Aangenomen', failed: 'Niet verzonden' },
  purposes: { code: 'Een aanmelding of een reset', told: 'Om iets te melden' },
  nobody: 'Niemand die er nog is',
  noFault: 'Niets ertegen',
  filter: {
    open: 'Verfijnen',
    kind: 'Wat',
    state: 'Status',
    person: 'Persoon',
    personHint: 'Naam of gebruikersnaam',
    any: 'Alle',
    show: 'Tonen',
    clear: 'Alles tonen',
  },
  nobodyFound: (typed) => `Niemand heet “${typed}”.`,
  older: 'Ouder',
  newest: 'Naar het nieuwste',
  signIn: 'De aanmelding waar dit bij hoort',
  health: {
    title: 'Providers',
    intro: 'Hoe het met elk ging in de laatste 24 uur, op alle servers samen.',
    none: 'Er is geen provider ingesteld: er kan niets worden verzonden.',
    columns: {
      provider: 'Provider',
      kind: 'Bezorgt',
      standing: 'Nu',
      sent: 'Aangenomen',
      failed: 'Niet verzonden',
      waiting: 'Onderweg',
      cost: 'Kosten',
    },
    well: 'In orde',
    rests: 'Krijgt nu niets',
    restsSince: (since, probe) =>
      `Sinds ${since}, omdat het te vaak misging. Wordt om ${probe} weer geprobeerd.`,
  },
  one: (kind) => `Verzonden: ${kind}`,
  waiting: 'Het is onderweg. Deze pagina kijkt vanzelf opnieuw.',
  arrived:
    'De provider heeft het aangenomen. Of het op de telefoon of in het postvak is aangekomen, ziet u daar: sommige melden dat later, de meeste niet.',
  failed: 'Het is niet verzonden. Het antwoord hieronder zegt waarom.',
  retry: {
    open: 'Opnieuw verzenden',
    title: 'Deze e-mail opnieuw verzenden?',
    will: [
      'De e-mail gaat naar hetzelfde adres, met dezelfde tekst.',
      'Het wordt drie dagen geprobeerd.',
      'Codes worden nooit opnieuw verzonden: niemand wacht er nog op.',
    ],
    confirm: 'Opnieuw verzenden',
    cancel: 'Annuleren',
  },
  blocks: {
    open: 'Weer openen',
    title: 'Gesloten nummerreeksen',
    see: 'Gesloten reeksen',
    intro:
      'Sms-berichten en gesprekken naar nummers die naast elkaar liggen en waar bijna niemand antwoordt, daar verdienen anderen aan. Een reeks van 100.000 nummers sluit vanzelf wanneer minder dan 30 op de 100 van de laatste 50 berichten ernaartoe werden beantwoord.',
    none: 'Er is nog nooit een reeks gesloten',
    noneBody:
      'Wanneer er een sluit, krijgen degenen die de instellingen beheren een e-mail en staat deze hier.',
    byHand: 'Zelf een reeks sluiten',
    columns: { block: 'Reeks', since: 'Gesloten', why: 'Waarom', until: 'Tot' },
    answered: (answered, sent, share) => `${answered} van ${sent} beantwoord (${share})`,
    closed: 'Gesloten',
    untilOpened: 'Tot iemand deze opent',
    opened: 'Weer geopend',
    ask: (block) => `De reeks ${block}… weer openen?`,
    will: [
      'Sms-berichten en gesprekken gaan meteen weer naar deze nummers.',
      'Wat eerder is verzonden, telt niet meer: de reeks sluit pas opnieuw na nog 50 berichten waar bijna niemand op antwoordt.',
      'Ga eerst na of de mensen daar bij u horen: zoek hen op en bekijk hun aanmeldingen.',
    ],
    done: 'Sms-berichten en gesprekken gaan er weer naartoe.',
    someClosed: (count) =>
      count === 1
        ? 'Eén nummerreeks is gesloten: niemand daar krijgt sms-berichten of gesprekken.'
        : `${count} nummerreeksen zijn gesloten: niemand daar krijgt sms-berichten of gesprekken.`,
  },
  done: { retried: 'Het wordt opnieuw verzonden.', test: 'Uw testbericht is doorgegeven.' },
  test: {
    open: 'Test naar mij verzenden',
    title: 'Test naar mij verzenden',
    intro:
      'Een bericht naar uw eigen telefoon, adres of app, langs de weg die alle berichten gaan. Er staat in dat het een test is, het geeft nergens toegang toe, en het telt mee als elk ander.',
    kind: 'Wat te verzenden',
    kinds: {
      text: 'Een sms naar mijn geregistreerde telefoon',
      call: 'Een gesprek naar mijn geregistreerde telefoon',
      mail: 'Een e-mail naar mijn adres',
      push: 'Een pushbericht naar mijn app: wekt deze en toont niets',
    },
    confirm: 'Verzenden',
    refused: {
      nowhere: 'U hebt niets dat dit ontvangt: registreer het eerst bij Beveiligingsgegevens.',
      country: 'De instellingen staan geen berichten toe naar het land van uw nummer.',
      'day-budget': 'De organisatie heeft alles verzonden wat op een dag mag.',
      limit: 'U hebt voorlopig genoeg ontvangen. Probeer het over een tijdje opnieuw.',
    },
  },
};
