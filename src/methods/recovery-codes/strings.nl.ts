import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  name: 'Herstelcodes',
  begin:
    'We maken tien codes en tonen ze één keer. Houd een printer bij de hand, of pen en papier.',
  left: (left, made) => `Nog ${left} van de ${made}`,
  fewLeft: (left, made) => `Nog maar ${left} van de ${made}: maak nieuwe`,
  noneLeft: 'Alle codes zijn gebruikt: maak nieuwe',
  tile: 'Een herstelcode gebruiken',
  keep: {
    title: 'Bewaar uw herstelcodes',
    what: 'Elk van deze codes laat u één keer binnen, voor de dag waarop u uw telefoon kwijt bent of uw andere methoden niet werken. Druk ze af of schrijf ze op, en bewaar ze op een veilige plaats die niet uw telefoon is.',
    once: 'Niemand kan u deze codes nog eens laten zien. Codes die u eerder hebt gemaakt, werken niet meer zodra u op Gereed drukt.',
    label: 'Uw herstelcodes',
    madeOn: (date) => `Gemaakt op ${date}`,
    each: 'Elke code werkt één keer. Wie er een heeft en uw wachtwoord kent, kan zich als u aanmelden: bewaar dit blad waar u uw paspoort bewaart.',
    file: 'herstelcodes.txt',
    kept: 'Ik heb deze codes bewaard',
    unticked: 'Druk deze codes af of schrijf ze op, en vink daarna aan dat u ze hebt bewaard.',
    done: 'Gereed',
  },
  challenge: {
    title: 'Voer een herstelcode in',
    open: 'Typ een van de codes die u hebt afgedrukt of opgeschreven. Elke code werkt één keer.',
    code: 'Herstelcode',
    hint: '16 letters en cijfers. Kleine letters mogen, en streepjes hoeven niet.',
  },
  rejections: {
    unreadable:
      'We konden dat niet lezen. Typ één hele code: 16 letters en cijfers, in vier groepjes van vier.',
    'incorrect-code':
      'Dat is geen van uw codes, of de code is al gebruikt. Controleer hem, of typ een andere.',
    'code-already-used': 'Die code is al gebruikt. Typ een andere.',
    'too-many-wrong': 'Dat was vijf keer fout. Begin opnieuw, of kies een andere manier.',
    expired: 'U was even weg. Begin opnieuw.',
    superseded:
      'U bent op een andere pagina opnieuw begonnen. Ga daar verder, of begin hier opnieuw.',
  },
};
