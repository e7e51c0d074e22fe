import type { Translation } from '../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  text: {
    code: (organisation, code) =>
      `${organisation}: uw verificatiecode is ${code}. Typ de code op de pagina. Niet u? Deel de code met niemand.`,
    codeOrReply: (organisation, code) =>
      `${organisation}: uw verificatiecode is ${code}. Typ de code op de pagina, of antwoord met de twee cijfers die u daar ziet. Niet u? Deel de code met niemand.`,
  },
  label: (number) => `Telefoon – sms (${number})`,
  tile: (number) => `Sms naar ${number}`,
  challenge: {
    title: 'Voer de code uit het sms-bericht in',
    sent: (number) =>
      `We hebben een sms-bericht naar ${number} gestuurd. Hebt u er meer, dan telt alleen de nieuwste code.`,
    perhapsSent: (number) =>
      `Als dit het nummer is dat u hebt geregistreerd, hebben we een sms-bericht naar ${number} gestuurd. Hebt u er meer, dan telt alleen de nieuwste code.`,
    code: 'Verificatiecode',
    or: 'Of antwoord op het sms-bericht met de twee cijfers op deze pagina:',
    digits: 'De twee cijfers zijn',
    timeLeft: (time) => `De code is nog ${time} geldig`,
    timeUp: 'De tijd voor deze code is om. Stuur een nieuwe code.',
  },
  rejections: {
    unreadable: 'We konden dat niet lezen. Typ de zes cijfers uit het sms-bericht.',
    'incorrect-code':
      'Dat is niet de code uit het nieuwste sms-bericht. Controleer het bericht en typ de code opnieuw.',
    'code-already-used': 'Die code is al gebruikt. Stuur een nieuwe code.',
    'incorrect-digits':
      'Dat zijn niet de twee cijfers op deze pagina. Antwoord met alleen deze twee, of typ de code.',
    'too-many-wrong':
      'Dat was vijf keer fout, dus deze code is gesloten. Stuur een nieuwe code, of kies een andere manier.',
    expired: 'De tijd voor deze code is om. Stuur een nieuwe code.',
    'opted-out':
      'Deze telefoon heeft laten weten geen sms van ons te willen. Stuur START naar het nummer dat u de sms stuurde, of kies een andere manier.',
    'unable-to-reach':
      'Het sms-bericht kon niet worden bezorgd. Controleer of de telefoon bereik heeft en stuur een nieuwe code, of kies een andere manier.',
    superseded:
      'Er is daarna een nieuwere code gestuurd. Typ de code uit het nieuwste sms-bericht.',
    cancelled: 'U hebt deze code geannuleerd. Stuur een nieuwe code, of kies een andere manier.',
  },
};
