import type { Translation } from '../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  phoneTypes: {
    mobile: 'Verificatietelefoon',
    alternateMobile: 'Alternatieve verificatietelefoon',
    office: 'Bureautelefoon',
  },
  app: {
    name: 'Authenticator-app',
    detail: 'Verificatiecodes',
    ours: 'Tweestap Authenticator',
    token: 'Hardwaretoken',
    tokenDetail: (token) =>
      `${[token.manufacturer, token.model].filter((part) => part !== '').join(' ')}, serienummer ${token.serialNumber}`.replace(
        /^, /,
        '',
      ),
    device: (name, version) => `${name} (versie ${version})`,
  },
  extensionRemoved: (extension) =>
    `Toestelnummer ${extension} is weggelaten: alleen een bureautelefoon kan er een hebben.`,
  number: {
    choosePhone: 'Kies welke telefoon dit is.',
    empty: 'Typ het telefoonnummer.',
    'not-a-number': 'Dat is geen telefoonnummer. Gebruik cijfers; spaties en streepjes mogen.',
    'too-short': 'Dat nummer is te kort. Controleer het nummer en het land of de regio.',
    'too-long': 'Dat nummer is te lang. Controleer het nummer en het land of de regio.',
    'not-possible':
      'Geen telefoon heeft dat nummer. Controleer het nummer en het land of de regio.',
    premium: 'Nummers die extra kosten zijn niet mogelijk. Typ een gewoon telefoonnummer.',
    country: (country, allowed) =>
      `We sturen geen sms naar nummers in ${country} en bellen er niet heen. Typ een nummer in ${allowed}, of vraag het uw beheerder.`,
    countryUnlisted: (country) =>
      `We sturen geen sms naar nummers in ${country} en bellen er niet heen. Typ een ander nummer, of vraag uw beheerder welke landen mogelijk zijn.`,
    nowhere:
      'We sturen geen sms naar zo’n nummer en bellen het niet. Typ een gewoon telefoonnummer.',
    noTexts: 'Dat nummer kan geen sms ontvangen. Typ een mobiel nummer, of kies ‘Bel mij’.',
    officeTakesNoTexts: 'Een bureautelefoon kan geen sms ontvangen. Kies ‘Bel mij’.',
    extension: 'Een toestelnummer heeft 1 tot 7 cijfers. Typ alleen die, of laat het leeg.',
    officeFromAdmin:
      'Uw organisatie heeft geen bureautelefoon voor u, en alleen uw beheerder kan die toevoegen. Vraag het uw beheerder, of kies een andere telefoon.',
    officeFaulty:
      'Het nummer van uw bureautelefoon dat uw organisatie heeft, kan niet worden gebeld. Vraag uw beheerder het te verbeteren, of kies een andere telefoon.',
  },
  rejections: {
    unreadable: 'We konden dat niet lezen. Controleer het en probeer het opnieuw.',
    'incorrect-code': 'Die code klopt niet. Controleer de code en typ hem opnieuw.',
    'code-already-used': 'Die code is al gebruikt. Typ een nieuwe.',
    'incorrect-digits':
      'Dat zijn niet de juiste cijfers. Kijk op deze pagina en probeer het opnieuw.',
    'not-accepted':
      'Dat liet niet zien wie u bent. Probeer het opnieuw, of kies een andere manier.',
    'incorrect-number':
      'Het nummer dat in de app is getypt, is niet dat van deze pagina. Het verzoek is daarom gesloten. Begin opnieuw, of kies een andere manier.',
    'incorrect-pin': 'De pincode die in de app is getypt, klopt niet. Probeer het daar opnieuw.',
    'app-locked':
      'De pincode was vijf keer fout, dus die app is vergrendeld. Kies een andere manier; dat ontgrendelt de app.',
    'counter-went-back':
      'Hiervan is misschien een kopie gemaakt, dus we nemen het niet meer aan. Kies een andere manier en zeg het uw beheerder.',
    'too-many-wrong':
      'Dat was vijf keer fout, dus deze code is gesloten. Begin opnieuw, of kies een andere manier.',
    expired: 'De tijd is om. Begin opnieuw, of kies een andere manier.',
    'user-declined': 'Het verzoek is geweigerd. Begin opnieuw als dat niet de bedoeling was.',
    'fraud-reported':
      'U hebt gemeld dat u dit niet was, dus niemand is binnengelaten. Vraag uw beheerder om hulp.',
    'somebody-else':
      'Wie opnam, had niet om dit gesprek gevraagd. Kijk het nummer na, of kies een andere manier.',
    'hung-up': 'Het gesprek eindigde te vroeg. Begin opnieuw, of kies een andere manier.',
    'no-answer': 'Er werd niet opgenomen. Begin opnieuw, of kies een andere manier.',
    busy: 'De lijn was bezet. Begin zo meteen opnieuw, of kies een andere manier.',
    'went-to-voicemail': 'De voicemail nam op. Begin opnieuw, of kies een andere manier.',
    'never-pressed-a-key': 'Er is geen toets ingedrukt. Begin opnieuw, of kies een andere manier.',
    'opted-out': 'Dit nummer wil onze berichten niet. Kies een andere manier.',
    'unable-to-reach':
      'We konden uw telefoon niet bereiken. Begin opnieuw, of kies een andere manier.',
    superseded: 'U hebt daarna om een nieuwere gevraagd. Alleen de nieuwste telt.',
    cancelled: 'U hebt dit geannuleerd. Begin opnieuw, of kies een andere manier.',
  },
};
