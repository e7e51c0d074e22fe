import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  verify: 'Verifiëren',
  repeat: {
    nothing: 'Opnieuw beginnen',
    text: 'Stuur een nieuwe code',
    call: 'Bel opnieuw',
    push: 'Stuur nog een melding',
    mail: 'Stuur een nieuwe code',
  },
  repeatIn: {
    nothing: (time) => `U kunt over ${time} opnieuw beginnen`,
    text: (time) => `U kunt over ${time} om een nieuwe code vragen`,
    call: (time) => `U kunt over ${time} om een nieuwe oproep vragen`,
    push: (time) => `U kunt over ${time} om een nieuwe melding vragen`,
    mail: (time) => `U kunt over ${time} om een nieuwe code vragen`,
  },
  repeatNow: {
    nothing: 'U kunt nu opnieuw beginnen.',
    text: 'U kunt nu om een nieuwe code vragen.',
    call: 'U kunt nu om een nieuwe oproep vragen.',
    push: 'U kunt nu om een nieuwe melding vragen.',
    mail: 'U kunt nu om een nieuwe code vragen.',
  },
  help: {
    'no-text': 'Hulp als er geen sms komt',
    'no-call': 'Hulp als er geen oproep komt',
    'no-notification': 'Hulp als er geen melding komt',
    'app-set-up': 'Hulp bij het instellen van de app',
    'code-refused': 'Hulp als een code wordt geweigerd',
    'security-key': 'Hulp als de sleutel niet reageert',
    'not-me': 'Hulp als u het niet was',
  },
  limit: {
    title: 'Wacht even voordat u het opnieuw vraagt',
    body: 'We sturen maar een beperkt aantal berichten, oproepen en meldingen, zodat niemand u ermee kan lastigvallen.',
    left: (time) => `Het volgende kan over ${time}`,
    over: 'Het volgende kan nu.',
  },
  requestOpen: {
    title: 'Er wacht een andere aanmelding in uw app',
    body: 'Beantwoord die daar, en weiger haar als ze niet van u is. We vragen er één tegelijk, zodat niemand de verkeerde goedkeurt.',
    left: (time) => `Het volgende verzoek kan over ${time}`,
    over: 'Het volgende verzoek kan nu.',
  },
  trust: {
    label: (days) =>
      days === 1 ? '1 dag niet opnieuw vragen' : `${days} dagen niet opnieuw vragen`,
    hint: 'Alleen op een apparaat dat niemand anders gebruikt.',
    wished: (days) =>
      days === 1
        ? 'Hierna wordt u op dit apparaat 1 dag niet opnieuw gevraagd.'
        : `Hierna wordt u op dit apparaat ${days} dagen niet opnieuw gevraagd.`,
    undo: 'Toch opnieuw vragen',
  },
  country: {
    title: 'Naar dat land sturen en bellen wij niet',
    body: 'Uw organisatie stuurt niets meer naar het land van die telefoon. Meld u op een andere manier aan, of vraag uw beheerder.',
  },
  numberBlock: {
    title: 'Naar dat nummer sturen en bellen wij niet',
    body: 'Uw organisatie stuurt op dit moment niets naar nummers zoals dat. Meld u op een andere manier aan, of vraag uw beheerder.',
  },
  budget: {
    title: 'Vandaag geen sms-berichten en oproepen meer',
    body: 'Uw organisatie heeft de grens voor vandaag bereikt. Meld u op een andere manier aan, of vraag uw beheerder.',
  },
};
