import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  label: 'Beveiligingssleutel',
  kind: { name: 'Beveiligingssleutel' },
  tile: {
    title: 'Een beveiligingssleutel gebruiken',
    detail: 'Een sleutel, uw telefoon of dit apparaat, met pincode, vinger of gezicht',
  },
  form: {
    name: 'Naam van de sleutel',
    nameHint: 'Zodat u weet welke het is: ‘Blauwe sleutel’, ‘Mijn telefoon’. Hoogstens 40 tekens.',
    tooLong: 'Die naam is te lang. Gebruik hoogstens 40 tekens.',
  },
  challenge: {
    title: 'Gebruik uw beveiligingssleutel',
    how: 'Uw browser vraagt erom. Steek de sleutel in uw apparaat of houd hem ertegen, raak hem aan en typ de pincode. Een wachtwoordsleutel op uw telefoon of dit apparaat vraagt om uw vinger, uw gezicht of uw pincode.',
    button: 'Mijn beveiligingssleutel gebruiken',
  },
  draft: {
    title: 'Uw nieuwe aanmeldingsmethode instellen',
    how: (name) =>
      `Uw browser vraagt waar ‘${name}’ is: een sleutel die u in uw apparaat steekt of ertegen houdt, uw telefoon, of dit apparaat zelf. Raak de sleutel aan en kies of typ de pincode, of gebruik uw vinger of gezicht.`,
    button: 'Doorgaan met mijn beveiligingssleutel',
  },
  alone: {
    title: 'Aanmelden met een beveiligingssleutel of wachtwoordsleutel',
    how: 'Uw browser vraagt erom: kies uw account en gebruik de pincode van de sleutel, uw vinger of uw gezicht. U hebt geen wachtwoord nodig.',
    button: 'Mijn sleutel gebruiken',
  },
  rejections: {
    unreadable: 'We konden niet lezen wat uw browser stuurde. Probeer het opnieuw.',
    'not-accepted':
      'Die sleutel liet niet zien wie u bent. Gebruik een sleutel die u hier hebt geregistreerd, met pincode, vinger of gezicht.',
    'counter-went-back':
      'Van deze sleutel is misschien een kopie gemaakt, dus we nemen hem niet meer aan. Kies een andere manier en zeg het uw beheerder.',
    'too-many-wrong': 'Dat was vijf keer fout. Begin opnieuw, of kies een andere manier.',
    expired: 'U was even weg. Begin opnieuw.',
    superseded:
      'U bent op een andere pagina opnieuw begonnen. Ga daar verder, of begin hier opnieuw.',
  },
};
