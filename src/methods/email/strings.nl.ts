import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  mail: {
    subject: (organisation) => `Uw verificatiecode voor ${organisation}`,
    type: 'Typ deze code op de pagina waar u erom hebt gevraagd:',
    good: (minutes) =>
      `De code is ${minutes} minuten geldig. Hebt u meer e-mails, dan telt alleen de nieuwste code.`,
    notYou: 'Was u dit niet?',
    notYouBody:
      'Deel de code met niemand. Misschien heeft iemand per ongeluk uw adres getypt: dan kunt u deze e-mail verwijderen.',
  },
  kind: { name: 'E-mail', place: 'E-mail (alleen voor wachtwoordherstel)' },
  label: (address) => `E-mail (${address}), alleen voor wachtwoordherstel`,
  tile: {
    title: (address) => `Code per e-mail naar ${address}`,
    detail: 'Alleen voor wachtwoordherstel',
  },
  form: {
    label: 'E-mailadres',
    hint: 'Een adres dat u kunt lezen zonder het wachtwoord van dit account. We gebruiken het alleen als u dat wachtwoord bent vergeten, nooit om u aan te melden.',
  },
  refused: {
    empty: 'Typ een e-mailadres.',
    unreadable: 'Dat is geen e-mailadres. Typ het zoals in naam@example.org.',
    own: 'Dat is het postvak van dit account: zonder het wachtwoord kunt u het niet lezen. Typ een ander adres.',
  },
  challenge: {
    title: 'Voer de code uit de e-mail in',
    sent: (address) =>
      `We hebben een e-mail naar ${address} gestuurd. Het kan een minuut duren, en hij kan bij uw ongewenste mail staan. Hebt u er meer, dan telt alleen de nieuwste code.`,
    perhapsSent: (address) =>
      `Als dit het adres is dat u hebt geregistreerd, hebben we een e-mail naar ${address} gestuurd. Het kan een minuut duren, en hij kan bij uw ongewenste mail staan. Hebt u er meer, dan telt alleen de nieuwste code.`,
    code: 'Verificatiecode',
    timeLeft: (time) => `De code is nog ${time} geldig`,
    timeUp: 'De tijd voor deze code is om. Stuur een nieuwe code.',
  },
  rejections: {
    unreadable: 'We konden dat niet lezen. Typ de zes cijfers uit de e-mail.',
    'incorrect-code':
      'Dat is niet de code uit de nieuwste e-mail. Controleer de e-mail en typ de code opnieuw.',
    'code-already-used': 'Die code is al gebruikt. Stuur een nieuwe code.',
    'too-many-wrong':
      'Dat was vijf keer fout, dus deze code is gesloten. Stuur een nieuwe code, of kies een andere manier.',
    expired: 'De tijd voor deze code is om. Stuur een nieuwe code.',
    'opted-out': 'Dit adres wil geen e-mail van ons ontvangen. Kies een andere manier.',
    'unable-to-reach':
      'De e-mail kon niet worden bezorgd. Controleer het adres en stuur een nieuwe code, of kies een andere manier.',
    superseded: 'Er is daarna een nieuwere code gestuurd. Typ de code uit de nieuwste e-mail.',
    cancelled: 'U hebt deze code geannuleerd. Stuur een nieuwe code, of kies een andere manier.',
  },
};
