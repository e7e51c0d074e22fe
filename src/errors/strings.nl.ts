import type { en } from './strings.en.ts';
import type { Translation } from '../i18n/translation.ts';

/** Dutch. */
export const nl: Translation<typeof en> = {
  ATTEMPT_NOT_FOUND: {
    title: 'Begin opnieuw',
    happened: 'We kunnen deze aanmelding in deze browser niet vinden.',
    now: 'Ga terug naar de app die u wilt gebruiken en meld u daar aan.',
  },
  ATTEMPT_EXPIRED: {
    title: 'Dit duurde te lang',
    happened: 'Om uw account veilig te houden, blijft een aanmelding maar korte tijd open.',
    now: 'Ga terug naar de app die u wilt gebruiken en meld u opnieuw aan.',
  },
  ATTEMPT_FINISHED: {
    title: 'Dit is al afgerond',
    happened: 'Deze aanmelding is al voltooid of geannuleerd.',
    now: 'Ga terug naar de app die u wilt gebruiken. Meld u opnieuw aan als daarom wordt gevraagd.',
  },
  ATTEMPT_CHANGED: {
    title: 'Kijk naar de nieuwste stap',
    happened: 'Dit is in een ander tabblad of venster verdergegaan.',
    now: 'Ga daar verder, of laad deze pagina opnieuw.',
  },
  STEP_NOT_ALLOWED: {
    title: 'Er komt eerst een andere stap',
    happened: 'Deze aanmelding is bij een andere stap dan de pagina die u gebruikte.',
    now: 'Ga verder met de stap die nu wordt getoond.',
  },
  REQUEST_MALFORMED: {
    title: 'Dat konden we niet lezen',
    happened: 'Wat hier is aangekomen, is niet volledig.',
    now: 'Ga terug, laad de pagina opnieuw en probeer het nog eens.',
  },
  REQUEST_TOO_LARGE: {
    title: 'Dat is te veel tegelijk',
    happened: 'Wat u hebt verstuurd, is groter dan we hier aannemen.',
    now: 'Ga terug en verstuur een kleiner bestand of een kortere tekst.',
  },
  REQUEST_FOREIGN: {
    title: 'Open de pagina opnieuw',
    happened: 'We konden niet zien dat dit van onze eigen pagina kwam. Er is daarom niets gedaan.',
    now: 'Ga terug, laad de pagina opnieuw en probeer het nog eens. Uw browser moet cookies toestaan.',
  },
  NOT_FOUND: {
    title: 'Hier is geen pagina',
    happened: 'Misschien is het adres verkeerd getypt, of is de pagina verplaatst.',
    now: 'Controleer het adres, of ga hiervandaan verder.',
  },
  METHOD_NOT_ALLOWED: {
    title: 'Dat kan op deze pagina niet',
    happened: 'Het adres bestaat, maar niet voor wat uw browser vroeg.',
    now: 'Ga terug en gebruik de knoppen op de pagina.',
  },
  NOT_SIGNED_IN: {
    title: 'Meld u aan om verder te gaan',
    happened: 'U bent niet aangemeld, of uw sessie is afgelopen.',
    now: 'Meld u aan. Daarna komt u hier terug.',
  },
  STEP_UP_REQUIRED: {
    title: 'Laat zien dat u het bent',
    happened: 'Voor zo’n wijziging is een tweede stap nodig van minder dan vijf minuten geleden.',
    now: 'Ga terug naar de pagina, laad die opnieuw en bewijs nog eens wie u bent.',
  },
  NOT_ALLOWED: {
    title: 'U kunt dit niet openen',
    happened: 'Uw account heeft niet de rol die hier nodig is.',
    now: 'Neem contact op met uw beheerder als u die nodig hebt.',
  },
  TOO_MANY_TRIES: {
    title: 'Wacht even',
    happened: 'Er is in korte tijd te vaak geprobeerd.',
    now: 'Wacht even en probeer het daarna opnieuw.',
  },
  BUSY: {
    title: 'Het is nu druk',
    happened: 'Veel mensen melden zich op hetzelfde moment aan.',
    now: 'Probeer het over een paar seconden opnieuw.',
  },
  STORE_UNAVAILABLE: {
    title: 'We kunnen niet bij onze gegevens',
    happened: 'Iets aan onze kant antwoordt niet. Er is niets van u verloren gegaan.',
    now: 'Probeer het over een minuut opnieuw. Blijft dit zo? Neem contact op met uw beheerder.',
  },
  DELIVERY_REFUSED: {
    title: 'We konden u niet bereiken',
    happened: 'Het bericht of de oproep is onderweg naar u niet aangenomen.',
    now: 'Probeer het opnieuw, of kies een andere manier om u aan te melden.',
  },
  UPSTREAM_UNAVAILABLE: {
    title: 'Wij kunnen de directory van uw organisatie niet bereiken',
    happened:
      'De directory van uw organisatie, waarin personen en wachtwoorden staan, antwoordt niet.',
    now: 'Probeer het later opnieuw. Blijft dit gebeuren, neem dan contact op met uw beheerder.',
  },
  PASSWORD_KEPT_ELSEWHERE: {
    title: 'Dit wachtwoord wordt hier niet ingesteld',
    happened: 'Het wachtwoord van dit account staat in de directory van uw organisatie.',
    now: 'Stel het in de directory in. Al het andere van deze persoon kan hier.',
  },
  OWNED_BY_DIRECTORY: {
    title: 'Dit wordt in de directory gewijzigd',
    happened:
      'De naam, het postvak, de telefoonnummers en de groepen van deze persoon, en of deze zich mag aanmelden, horen bij de eigen directory van uw organisatie. Hier is niets gewijzigd.',
    now: 'Wijzig het in de directory. Met de volgende synchronisatie komt het hier. Moet iemand er meteen uit? Blokkeer deze persoon dan.',
  },
  RECORD_DAMAGED: {
    title: 'We kunnen niet gebruiken wat voor u is bewaard',
    happened: 'Iets wat bij uw account hoort, is niet meer te vertrouwen. We weigeren het daarom.',
    now: 'Neem contact op met uw beheerder. Die kan zien wat er is gebeurd en het opnieuw instellen.',
  },
  HOST_UNKNOWN: {
    title: 'Dit is niet het juiste adres',
    happened: 'U hebt ons bereikt onder een naam die niet van ons is.',
    now: 'Gebruik het adres dat u van uw organisatie hebt gekregen.',
  },
  INTERNAL: {
    title: 'Er ging bij ons iets mis',
    happened: 'We konden dit niet afronden.',
    now: 'Probeer het opnieuw. Gebeurt het weer? Geef de referentie hieronder aan uw beheerder.',
  },
};
