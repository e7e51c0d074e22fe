import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  name: 'Beveiligingsvragen',
  place: 'Beveiligingsvragen (alleen voor wachtwoordherstel)',
  count: (count) => `${count} vragen`,
  tile: { title: 'Beveiligingsvragen beantwoorden', detail: 'Alleen voor wachtwoordherstel' },
  questions: {
    'parents-met': 'In welke plaats hebben uw ouders elkaar leren kennen?',
    'nearest-sibling': 'In welke plaats woont uw dichtstbijzijnde broer of zus?',
    'first-job-city': 'In welke plaats had u uw eerste baan?',
    'new-year-2000': 'Waar vierde u de jaarwisseling van 2000?',
    'secondary-teacher':
      'Wat is de achternaam van uw favoriete leraar of lerares op de middelbare school?',
    'unused-university': 'Bij welke school hebt u zich aangemeld zonder erheen te gaan?',
    'wedding-guest': 'Waar was de eerste bruiloft die u zich herinnert?',
    'father-second-name': 'Wat is de tweede voornaam van uw vader?',
    'oldest-sibling-birthday': 'In welke maand en welk jaar is uw oudste broer of zus geboren?',
    'youngest-sibling-birthday': 'In welke maand en welk jaar is uw jongste broer of zus geboren?',
    'mother-street': 'In welke straat woonde uw moeder als kind?',
    'childhood-hero': 'Wie was uw held toen u kind was?',
    'childhood-phone': 'Wat was het laatste telefoonnummer van uw ouders dat u uit uw hoofd kende?',
    'favourite-toy': 'Wat was als kind uw liefste speelgoed?',
    'first-concert': 'Van wie was het eerste concert waar u naartoe ging?',
  },
  form: {
    intro: (shortest, longest) =>
      `Kies vragen waarvan u het antwoord over jaren nog weet, en dat anderen niet kunnen vinden. Elk antwoord heeft ${shortest} tot ${longest} tekens; hoofdletters en spaties aan het begin of einde maken niet uit.`,
    question: (place) => `Vraag ${place}`,
    choose: 'Kies een vraag',
    answer: (place) => `Antwoord ${place}`,
  },
  refused: {
    noQuestion: (place) => `Kies vraag ${place}.`,
    sameQuestion: (place) => `Kies een andere vraag ${place}: deze hebt u hierboven al gekozen.`,
    noAnswer: (place) => `Typ antwoord ${place}.`,
    short: (place, shortest) => `Antwoord ${place} is te kort. Typ ten minste ${shortest} tekens.`,
    long: (place, longest) => `Antwoord ${place} is te lang. Typ ten hoogste ${longest} tekens.`,
    sameAnswer: (place) =>
      `Typ een ander antwoord ${place}: elk antwoord kan maar één keer worden gegeven.`,
  },
  check: {
    title: 'Controleer uw antwoorden',
    once: 'Als u ze hebt opgeslagen, kan niemand deze antwoorden nog lezen. Eén antwoord wijzigen kan dan niet: u beantwoordt alle vragen opnieuw.',
    save: 'Opslaan',
  },
  challenge: {
    title: 'Beantwoord uw beveiligingsvragen',
    intro: 'Antwoord zoals toen u ze hebt ingesteld. Hoofdletters maken niet uit.',
  },
  rejections: {
    unreadable: 'Niet elke vraag is beantwoord. Beantwoord ze allemaal.',
    'incorrect-code':
      'Niet al deze antwoorden kloppen. Controleer elk antwoord en probeer het opnieuw.',
    'code-already-used':
      'Deze antwoorden zijn al gebruikt. Begin opnieuw, of kies een andere manier.',
    'too-many-wrong': 'Dat was vijf keer fout. Begin opnieuw, of kies een andere manier.',
    expired: 'U was even weg. Begin opnieuw.',
    superseded:
      'U bent op een andere pagina opnieuw begonnen. Ga daar verder, of begin hier opnieuw.',
  },
};
