import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Vertrouwde apparaten',
  intro:
    'Op deze apparaten is uw wachtwoord een aantal dagen genoeg: er wordt geen tweede stap gevraagd. Voor wat u hier wijzigt, en voor sommige toepassingen, is die toch nodig.',
  back: 'Terug naar Vertrouwde apparaten',
  cancel: 'Annuleren',
  list: {
    heading: 'Apparaten die u vertrouwt',
    thisOne: 'Dit apparaat',
    since: 'Vertrouwd',
    until: 'eindigt',
    used: 'Laatst gebruikt',
    from: 'vanaf',
    end: 'Niet meer vertrouwen',
    endAll: 'Verificatie weer vragen op eerder vertrouwde apparaten',
  },
  suspended:
    'Uw organisatie staat nu geen vertrouwde apparaten toe: op elk hiervan wordt u om de tweede stap gevraagd.',
  none: {
    title: 'U vertrouwt geen apparaat',
    allowed: (days) =>
      days === 1
        ? 'Kies ‘1 dag niet opnieuw vragen’ wanneer u om de tweede stap wordt gevraagd. Het apparaat staat dan hier.'
        : `Kies ‘${days} dagen niet opnieuw vragen’ wanneer u om de tweede stap wordt gevraagd. Het apparaat staat dan hier.`,
    notAllowed:
      'Voor uw account wordt de tweede stap bij elke aanmelding gevraagd, op elk apparaat. Er is dus niets te vertrouwen.',
  },
  endAll: {
    title: 'Op alle apparaten weer om de tweede stap vragen?',
    body: (count) =>
      count === 1
        ? 'Het apparaat dat u vertrouwt, wordt niet meer vertrouwd. Is het een ander dan dit, dan wordt u daar afgemeld.'
        : `De ${count} apparaten die u vertrouwt, worden niet meer vertrouwd. Bent u op een van de andere aangemeld, dan wordt u daar afgemeld.`,
    confirm: 'Op alle apparaten weer vragen',
  },
  done: {
    ended: 'Het apparaat wordt niet meer vertrouwd: de tweede stap wordt daar weer gevraagd.',
    'all-ended':
      'Er wordt geen apparaat meer vertrouwd: de tweede stap wordt overal weer gevraagd.',
    gone: 'Dat was al beëindigd.',
  },
};
