import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  name: 'Tijdelijke toegangspas',
  until: (when) => `Geldig tot ${when}`,
  onceUntil: (when) => `Eén keer geldig, tot ${when}`,
  used: 'Gebruikt',
  tile: 'Een tijdelijke toegangspas gebruiken',
  challenge: {
    title: 'Voer uw tijdelijke toegangspas in',
    open: 'Typ de pas die uw beheerder u heeft gezegd.',
    code: 'Tijdelijke toegangspas',
    hint: 'Kleine letters mogen, en de spatie kunt u weglaten.',
  },
  rejections: {
    unreadable: 'Dat konden we niet lezen. Typ de hele pas zoals uw beheerder die heeft gezegd.',
    'incorrect-code': 'Dat is niet uw pas. Controleer de pas, of vraag uw beheerder om een nieuwe.',
    'code-already-used': 'Die pas is al gebruikt. Vraag uw beheerder om een nieuwe.',
    'too-many-wrong': 'Dat was vijf keer onjuist. Begin opnieuw, of kies een andere manier.',
    expired:
      'De tijd van deze pas is voorbij, of u was even weg. Vraag uw beheerder om een nieuwe.',
    superseded:
      'U bent op een andere pagina opnieuw begonnen. Ga daar verder, of begin hier opnieuw.',
  },
};
