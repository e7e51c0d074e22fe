import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  call: {
    greeting: (organisation, person) =>
      `Dit is ${organisation}. We bellen over het account van ${person}.`,
    notYou: (key) => `Hebt u niet om dit gesprek gevraagd, druk dan op ${key}, en daarna op hekje.`,
    keys: {
      0: 'nul',
      1: 'een',
      2: 'twee',
      3: 'drie',
      4: 'vier',
      5: 'vijf',
      6: 'zes',
      7: 'zeven',
      8: 'acht',
      9: 'negen',
    },
    hash: {
      instruction: 'Druk op hekje om te bevestigen dat u het bent.',
      again: 'Nog een keer: druk op hekje.',
      refused: 'Dat was niet het hekje.',
    },
    digits: {
      instruction:
        'Druk op de twee cijfers op uw scherm, en daarna op hekje, om te bevestigen dat u het bent.',
      again: 'Nog een keer: de twee cijfers op uw scherm, en daarna hekje.',
      refused: 'Dat waren niet de cijfers op uw scherm.',
    },
    thanks: 'Dank u wel. U kunt nu ophangen.',
  },
  label: (number) => `Telefoon – bellen (${number})`,
  officeLabel: (number) => `Bureautelefoon – bellen (${number})`,
  tile: (number) => `Bellen naar ${number}`,
  challenge: {
    title: 'Beantwoord de oproep op uw telefoon',
    calling: (number) => `We bellen ${number}`,
    perhapsCalling: (number) =>
      `Als dit het nummer is dat u hebt geregistreerd, bellen we ${number}`,
    answered: 'Er is opgenomen',
    hash: 'Neem op. Druk op hekje (#) wanneer de stem daarom vraagt.',
    hashAnswered: 'Druk op hekje (#) wanneer de stem daarom vraagt.',
    digits: 'Neem op. Druk op deze twee cijfers en daarna op # wanneer de stem daarom vraagt.',
    digitsAnswered: 'Druk op deze twee cijfers en daarna op # wanneer de stem daarom vraagt.',
    digitsLabel: 'De twee cijfers zijn',
  },
  rejections: {
    unreadable: 'We hoorden geen # aan het eind. Druk opnieuw op de toetsen, en daarna op #.',
    'incorrect-code':
      'Dat waren niet de juiste toetsen. Druk alleen op de toetsen die deze pagina noemt.',
    'code-already-used': 'Deze oproep is al beantwoord. Vraag om een nieuwe oproep.',
    'incorrect-digits':
      'Dat waren niet de juiste toetsen. Druk alleen op de toetsen die deze pagina noemt.',
    'too-many-wrong':
      'Dat waren vijf keer de verkeerde toetsen, dus de oproep is voorbij. Vraag om een nieuwe oproep, of kies een andere manier.',
    expired:
      'We hebben niets van u gehoord. Vraag om een nieuwe oproep, of kies een andere manier.',
    'hung-up':
      'De oproep eindigde voordat u op # drukte. Vraag om een nieuwe oproep, of kies een andere manier.',
    'no-answer':
      'Er werd niet opgenomen. Houd de telefoon bij de hand en vraag om een nieuwe oproep, of kies een andere manier.',
    busy: 'De lijn was bezet, of de oproep werd geweigerd. Vraag om een nieuwe oproep, of kies een andere manier.',
    'went-to-voicemail':
      'De voicemail nam op. Vraag om een nieuwe oproep en neem zelf op, of kies een andere manier.',
    'never-pressed-a-key':
      'Tijdens de oproep is geen toets ingedrukt. Vraag om een nieuwe oproep en druk op #, of kies een andere manier.',
    'opted-out':
      'Deze telefoon heeft laten weten niet door ons gebeld te willen worden. Kies een andere manier.',
    'unable-to-reach':
      'De oproep kwam niet tot stand. Controleer of de telefoon bereik heeft en vraag om een nieuwe oproep, of kies een andere manier.',
    superseded: 'Er is daarna een nieuwere oproep gestart. Beantwoord die.',
    cancelled:
      'U hebt deze oproep geannuleerd. Vraag om een nieuwe oproep, of kies een andere manier.',
  },
};
