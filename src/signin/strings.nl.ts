import type { Translation } from '../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  greeting: (name: string) => `Beste ${name},`,
  notYou: 'Was u dit niet?',
  when: 'Wanneer',
  where: 'Netwerkadres',
  account: 'Account',
  what: 'Wat',
  device: {
    both: (browser, system) => `${browser} op ${system}`,
    someBrowser: (system) => `Een browser op ${system}`,
    unknown: 'Een browser die wij niet kennen',
  },
  deviceTrusted: {
    subject: (organisation: string) => `Uw account bij ${organisation} vertrouwt nu een apparaat`,
    body: 'Op dit apparaat is uw wachtwoord een tijd lang genoeg: er wordt geen tweede stap gevraagd.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en beëindig het vertrouwen bij Vertrouwde apparaten op uw profiel.',
  },
  trustedDeviceRemoved: {
    subject: (organisation: string) =>
      `Uw account bij ${organisation} vertrouwt een apparaat niet meer`,
    body: 'Op dit apparaat wordt u weer om de tweede stap gevraagd.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en wijzig uw wachtwoord.',
  },
  trustedDevicesRemoved: {
    subject: (organisation: string) =>
      `Uw account bij ${organisation} vertrouwt geen enkel apparaat meer`,
    body: 'Op elk apparaat wordt u weer om de tweede stap gevraagd.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en wijzig uw wachtwoord.',
  },
  trustedDeviceReused: {
    subject: (organisation: string) =>
      `Misschien is een vertrouwd apparaat van uw account bij ${organisation} gekopieerd`,
    body: 'Wat uw browser bewaart om vertrouwd te worden, is op twee plaatsen gebruikt. Daarom wordt het apparaat niet meer vertrouwd en wordt de tweede stap weer gevraagd.',
    notYou:
      'Hebt u zich niet zojuist aangemeld? Dan kent iemand anders uw wachtwoord: wijzig het en vertel het meteen aan uw beheerder.',
  },
  approvalAsked: {
    subject: (organisation) => `Een beheerder van ${organisation} vraagt u om akkoord`,
    body: 'Deze beheerder wil iets doen met het account van iemand met een rol. Het wacht tot een tweede beheerder akkoord gaat: kijk onder Beheer, Goedkeuringen.',
    notYou: 'Ga pas akkoord als u elkaar gesproken hebt: iemand anders kan dat account gebruiken.',
  },
  approvalGiven: {
    subject: (organisation) => `Een tweede beheerder van ${organisation} gaat akkoord`,
    body: 'U kunt nu doen wat u hebt gevraagd, één keer en binnen een dag nadat u het vroeg.',
    notYou:
      'Hebt u niets gevraagd, dan gebruikt iemand anders uw account: vertel het meteen een andere beheerder.',
  },
  approvalDeclined: {
    subject: (organisation) => `Een tweede beheerder van ${organisation} gaat niet akkoord`,
    body: 'Wat u hebt gevraagd, gebeurt niet. Vraag waarom.',
    notYou:
      'Hebt u niets gevraagd, dan gebruikt iemand anders uw account: vertel het meteen een andere beheerder.',
  },
  tokenAssigned: {
    subject: (organisation) =>
      `Er is een hardwaretoken bestemd voor uw account bij ${organisation}`,
    body: 'Meld u aan, open Beveiligingsgegevens en typ een code die het token toont. Daarna bewijst het dat u het bent.',
    notYou: 'Is u niet verteld dat u een token krijgt, vraag het dan uw beheerder.',
  },
  test: {
    text: (organisation: string) =>
      `${organisation}: dit is een test-sms. Hij is aangekomen. U hoeft niet te antwoorden.`,
    greeting: (organisation: string) => `Dit is een testgesprek van ${organisation}.`,
    instruction: 'Het probeert alleen of gesprekken aankomen. Druk op hekje om het te beëindigen.',
    thanks: 'Dank u wel. Het gesprek werkt. Tot ziens.',
    subject: (organisation: string) => `Testmail van ${organisation}`,
    body: 'Een beheerder heeft om deze e-mail gevraagd, om te zien of e-mail aankomt. Hij is aangekomen.',
    look: 'Ziet hij er goed uit?',
    lookBody:
      'Kijk naar de afzender, en of uw e-mailprogramma hem verdacht vond: iedereen krijgt e-mail op dezelfde manier.',
  },
  methodRegistered: {
    subject: (organisation: string) =>
      `Er is een verificatiemethode toegevoegd aan uw account bij ${organisation}`,
    body: 'U kunt nu met deze methode bewijzen dat u het bent.',
    notYou:
      'Iemand anders kent misschien uw wachtwoord. Vertel het meteen aan uw beheerder en wijzig uw wachtwoord.',
  },
  methodChanged: {
    subject: (organisation: string) =>
      `Een verificatiemethode van uw account bij ${organisation} is gewijzigd`,
    body: 'Voortaan bewijst u met de nieuwe dat u het bent. De oude telt niet meer.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en kijk bij Beveiligingsgegevens op uw profiel.',
  },
  phoneChanged: (organisation: string) =>
    `${organisation}: het telefoonnummer van uw account is gewijzigd. Deze telefoon telt niet meer. Was u dit niet? Vertel het meteen aan uw beheerder.`,
  stoodIn: {
    subject: (organisation: string) =>
      `Uw account bij ${organisation} is gebruikt zonder uw gebruikelijke methoden`,
    body: 'Wat u achter de hand houdt, kwam in de plaats van de telefoon, app of sleutel waar u anders om wordt gevraagd.',
    notYou:
      'Iemand anders heeft uw wachtwoord en wat u achter de hand houdt. Vertel het meteen aan uw beheerder en wijzig uw wachtwoord.',
  },
  methodRemoved: {
    subject: (organisation: string) =>
      `Er is een verificatiemethode verwijderd van uw account bij ${organisation}`,
    body: 'U kunt met deze methode niet meer bewijzen dat u het bent.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en kijk bij Beveiligingsgegevens op uw profiel.',
  },
  defaultMethodChanged: {
    subject: (organisation: string) =>
      `De standaardaanmeldingsmethode van uw account bij ${organisation} is gewijzigd`,
    body: 'Voortaan wordt u eerst op deze manier gevraagd.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Vertel het meteen aan uw beheerder en kijk bij Beveiligingsgegevens op uw profiel.',
  },
  tooManyWrong: {
    subject: (organisation: string) =>
      `Te veel verkeerde verificatiecodes voor uw account bij ${organisation}`,
    body: 'Iemand voerde uw wachtwoord in en daarna te veel verkeerde codes. Wij hebben dat voorlopig gestopt.',
    notYou:
      'Iemand anders kent uw wachtwoord. U kiest een nieuw wachtwoord wanneer u zich weer aanmeldt. Vertel het aan uw beheerder.',
  },
  fraudReported: {
    subject: (organisation: string) => `U hebt een aanmelding bij ${organisation} gemeld`,
    body: 'U hebt ons verteld dat een verzoek om u aan te melden niet van u was. Er is niemand binnengelaten.',
    notYou: 'Iemand anders kent uw wachtwoord. Uw beheerder kan u aan een nieuw wachtwoord helpen.',
  },
  resetReported: {
    subject: (organisation: string) =>
      `U hebt gemeld dat iemand uw wachtwoord bij ${organisation} opnieuw wilde instellen`,
    body: 'U hebt ons verteld dat een verzoek om uw wachtwoord opnieuw in te stellen niet van u was. Uw wachtwoord is niet gewijzigd.',
    notYou:
      'Iemand anders heeft iets waarmee u bewijst wie u bent. Kijk bij Beveiligingsgegevens op uw profiel en vertel het meteen aan uw beheerder.',
  },
  passwordChanged: {
    subject: (organisation: string) =>
      `Het wachtwoord van uw account bij ${organisation} is gewijzigd`,
    body: 'U bent overal elders afgemeld.',
    notYou: 'Vertel het meteen aan uw beheerder: iemand anders heeft toegang tot uw account.',
  },
  passwordReset: {
    subject: (organisation: string) =>
      `Het wachtwoord van uw account bij ${organisation} is opnieuw ingesteld`,
    body: 'Iemand die heeft bewezen u te zijn, heeft zonder het oude een nieuw wachtwoord gekozen. Iedereen is afgemeld bij uw account. De tweede stap wordt bij de volgende aanmelding gewoon gevraagd.',
    notYou: 'Vertel het meteen aan uw beheerder: iemand anders heeft toegang tot uw account.',
  },
  passwordUnlocked: {
    subject: (organisation: string) => `Uw account bij ${organisation} is ontgrendeld`,
    body: 'Iemand die heeft bewezen u te zijn, heeft de pauze na onjuiste wachtwoorden beëindigd. Het wachtwoord is niet gewijzigd.',
    notYou: 'Vertel het meteen aan uw beheerder: iemand anders kan zich voor u uitgeven.',
  },
  adminPasswordReset: {
    subject: (organisation: string) =>
      `Een beheerder van ${organisation} heeft het wachtwoord opnieuw ingesteld`,
    body: 'Iemand met een beheerdersrol heeft zonder het oude een nieuw wachtwoord gekozen, na het bewijzen van twee methoden. U krijgt deze e-mail omdat u ook beheerder bent.',
    notYou: 'Vraag het na. Weet de ander van niets, blokkeer dan meteen het account.',
  },
  signInDenied: {
    subject: (organisation: string) =>
      `U hebt gemeld dat een aanmelding bij uw account bij ${organisation} niet van u was`,
    body: 'Iedereen is afgemeld van uw account, en uw app-wachtwoorden zijn verwijderd. U kiest een nieuw wachtwoord wanneer u zich weer aanmeldt. Uw beheerder weet ervan.',
    notYou:
      'Dan was iemand anders als u aangemeld. Meld u aan, kies een nieuw wachtwoord en vertel het uw beheerder.',
  },
  deniedSignIn: {
    subject: (person: string, organisation: string) =>
      `${person} meldt een aanmelding bij ${organisation} die niet van hen was`,
    body: 'Dit is de aanmelding. Iedereen is afgemeld van het account; de app-wachtwoorden zijn verwijderd, de telefoons worden niet gevraagd en het wachtwoord moet bij de volgende aanmelding worden gewijzigd.',
    browser: 'Browser',
    now: 'Wat u nu doet:',
    look: 'Vraag de persoon of het aanmelden weer lukt, en kijk in het logboek wat er intussen is gebeurd. Laat de persoon opnieuw registreren als er een methode bij is gekomen die niet van hen is.',
  },
  fraudAlert: {
    subject: (person: string, organisation: string) => `${person} meldt fraude bij ${organisation}`,
    blocked:
      'Bij de vraag om een aanmelding of wachtwoordherstel goed te keuren, was het antwoord: dat was ik niet. Het account is geblokkeerd en overal afgemeld.',
    noAction:
      'Bij de vraag om een aanmelding of wachtwoordherstel goed te keuren, was het antwoord: dat was ik niet. Het account is niet geblokkeerd, want zo heeft uw organisatie het bepaald.',
    blockedUntil: 'Geblokkeerd tot',
    link: 'Het account in het beheer:',
    now: 'Wat u nu doet:',
    look: 'Spreek de persoon. Was het echt iemand anders, dan kent die het wachtwoord: maak een tijdelijk wachtwoord voordat u de blokkering opheft.',
  },
  prefixClosed: {
    subject: (prefix: string, organisation: string) =>
      `${organisation} stuurt en belt niet meer naar ${prefix}…`,
    body: 'Bijna niemand antwoordt op de sms-berichten en oproepen naar deze nummers. Zo ziet het eruit als iemand er geld mee verdient. Er gaat niets meer naartoe; men krijgt de andere methoden aangeboden.',
    block: 'Nummers die beginnen met',
    seen: 'Van de laatste berichten',
    answered: (answered: number, sent: number) => `${answered} van ${sent} beantwoord`,
    now: 'Wat u nu doet:',
    look: (prefix: string) =>
      `Kijk in het auditlogboek wie erom vroeg: iemand kent hun wachtwoorden. Was alles in orde, open de reeks dan weer: in de portal onder Bezorging, Gesloten reeksen, of met tweestap numbers open ${prefix}`,
  },
  appPasswordMade: {
    subject: (organisation: string) =>
      `Er is een app-wachtwoord gemaakt voor uw account bij ${organisation}`,
    body: 'Een app kan het nu gebruiken in plaats van uw wachtwoord. Niemand vraagt u er ooit om.',
    notYou:
      'Iemand anders kan zich als u aanmelden. Verwijder het bij App-wachtwoorden op uw profiel, wijzig uw wachtwoord en vertel het uw beheerder.',
  },
  appPasswordRemoved: {
    subject: (organisation: string) =>
      `Een app-wachtwoord van uw account bij ${organisation} is verwijderd`,
    body: 'Apps die het gebruikten, werken niet meer met dit account.',
    notYou: 'Iemand anders heeft toegang tot uw account. Vertel het meteen aan uw beheerder.',
  },
  appPasswordsRemoved: {
    subject: (organisation: string) =>
      `Alle app-wachtwoorden van uw account bij ${organisation} zijn verwijderd`,
    body: 'Apps die er een van gebruikten, werken niet meer met dit account.',
    notYou: 'Iemand anders heeft toegang tot uw account. Vertel het meteen aan uw beheerder.',
  },
  passwordSetByAdmin: {
    subject: (organisation: string) =>
      `U hebt een nieuw wachtwoord voor uw account bij ${organisation}`,
    body: 'Uw beheerder heeft een nieuw wachtwoord voor u ingesteld en u bent overal afgemeld. Het oude is niets meer waard.',
    notYou:
      'Hebt u hier niet om gevraagd? Praat met uw beheerder voordat u het nieuwe wachtwoord gebruikt.',
  },
  blocked: {
    subject: (organisation: string) => `Uw account bij ${organisation} is geblokkeerd`,
    body: 'Niemand kan zich nu met uw account aanmelden en u bent overal afgemeld.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  unblocked: {
    subject: (organisation: string) => `Uw account bij ${organisation} kan weer worden gebruikt`,
    body: 'Uw beheerder heeft de blokkade van uw account opgeheven. U kunt zich weer aanmelden.',
    notYou: 'Hebt u hier niet om gevraagd? Vertel het uw beheerder.',
  },
  secondStepEnabled: {
    subject: (organisation: string) =>
      `Een tweede stap beschermt voortaan uw account bij ${organisation}`,
    body: 'Uw beheerder heeft die ingeschakeld. De volgende keer dat u zich aanmeldt, laat u op een tweede manier zien dat u het bent. Hebt u zo’n manier nog niet, dan stelt u die dan in. Tot dat gebeurd is, gaan oudere apps door met uw wachtwoord.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  secondStepEnforced: {
    subject: (organisation: string) =>
      `Uw account bij ${organisation} vraagt bij elke aanmelding om een tweede stap`,
    body: 'Dat heeft uw beheerder zo ingesteld. Elke keer dat u zich aanmeldt, laat u op een tweede manier zien dat u het bent. Oudere apps die daar niet om kunnen vragen, hebben vanaf nu een app-wachtwoord nodig.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  secondStepDisabled: {
    subject: (organisation: string) =>
      `Uw account bij ${organisation} vraagt niet meer om een tweede stap`,
    body: 'Uw beheerder heeft die uitgeschakeld; uw wachtwoord alleen is nu meestal genoeg. Wat u hebt geregistreerd, blijft.',
    notYou:
      'Hebt u hier niet om gevraagd? Vertel het meteen uw beheerder: wie uw wachtwoord kent, kan zich als u aanmelden.',
  },
  accountSwitchedOff: {
    subject: (organisation: string) => `Uw account bij ${organisation} is uitgezet`,
    body: 'Niemand kan zich nu met uw account aanmelden en u bent overal afgemeld.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  accountRemoved: {
    subject: (organisation: string) => `Uw account bij ${organisation} is verwijderd`,
    body: 'Uw beheerder heeft het verwijderd, met alles wat was geregistreerd. Niemand kan zich er nog mee aanmelden.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  accountSwitchedOn: {
    subject: (organisation: string) => `Uw account bij ${organisation} is aangezet`,
    body: 'Uw beheerder heeft het aangezet. U kunt zich er nu mee aanmelden.',
    notYou: 'Hebt u hier niet om gevraagd? Vertel het uw beheerder.',
  },
  reRegistrationRequired: {
    subject: (organisation: string) =>
      `Stel de verificatie van uw account bij ${organisation} opnieuw in`,
    body: 'Uw beheerder heeft uw verificatiemethoden verwijderd en u bent overal afgemeld. De volgende keer dat u zich aanmeldt, stelt u ze opnieuw in.',
    notYou:
      'Hebt u hier niet om gevraagd? Bel meteen uw beheerder: wie zich als eerste met uw wachtwoord aanmeldt, stelt ze in.',
  },
  signedOutByAdmin: {
    subject: (organisation: string) => `U bent afgemeld van uw account bij ${organisation}`,
    body: 'Uw beheerder heeft al uw sessies beëindigd. Meld u weer aan waar u dat nodig hebt.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  appPasswordsRemovedByAdmin: {
    subject: (organisation: string) =>
      `App-wachtwoorden van uw account bij ${organisation} zijn verwijderd`,
    body: 'Uw beheerder heeft app-wachtwoorden van u verwijderd. Apps die ze gebruikten, hebben nieuwe nodig.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  methodRemovedByAdmin: {
    subject: (organisation: string) =>
      `Een verificatiemethode van uw account bij ${organisation} is verwijderd`,
    body: 'Uw beheerder heeft die verwijderd. Zij bewijst niet meer dat u het bent.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  contactChangedByAdmin: {
    subject: (organisation: string) =>
      `De gegevens van uw account bij ${organisation} zijn gewijzigd`,
    body: 'Uw beheerder heeft gewijzigd wat de organisatie van u bewaart: uw naam, een telefoonnummer, een adres of uw taal.',
    notYou: 'Weet u niet waarom? Vraag het meteen uw beheerder.',
  },
  contactChangedByDirectory: {
    subject: (organisation: string) =>
      `De gegevens van uw account bij ${organisation} zijn gewijzigd`,
    body: 'Uw organisatie heeft uw naam, een telefoonnummer of uw adres gewijzigd in haar directory. Uw account neemt dat over.',
    notYou: 'Weet u niet waarom? Vraag het meteen aan uw beheerder.',
  },
  linkedToDirectory: {
    subject: (organisation: string) =>
      `U meldt zich bij ${organisation} nu aan met het wachtwoord van de directory`,
    body: 'Uw account hoort voortaan bij de directory van uw organisatie. Het wachtwoord dat u op uw computer gebruikt, is ook dat van uw account. Het wachtwoord dat u hier eerder had, is niets meer waard. U bent overal afgemeld.',
    notYou: 'Kent u dat wachtwoord niet? Vraag het aan uw beheerder.',
  },
  directoryHeld: {
    subject: (organisation: string) =>
      `${organisation}: te veel accounts zouden in één keer worden uitgeschakeld`,
    body: 'De directory van uw organisatie noemt zo veel mensen niet meer, of als uitgeschakeld, dat er misschien iets anders mis is: een filter, of de plek waar mensen worden gezocht. Niemand is uitgeschakeld. Al het andere is gedaan. Kijk onder Beheer, Directory.',
    notYou: 'Bevestig het daar alleen als deze mensen echt weg zijn.',
  },
  announcement: {
    subject: (organisation: string) => `Stel de verificatie van uw account bij ${organisation} in`,
    reminder: (organisation: string) =>
      `Herinnering: stel de verificatie van uw account bij ${organisation} in`,
    body: 'Uw organisatie vraagt een tweede stap als u zich aanmeldt: naast uw wachtwoord laat u iets zien dat alleen u hebt, bijvoorbeeld uw telefoon. Dat stelt u zelf in. Het kost een paar minuten.',
    from: 'Vereist vanaf',
    atNextSignIn: 'uw volgende aanmelding',
    until: 'Stel het in vóór',
    link: 'Meld u hier aan met uw wachtwoord en volg de stappen:',
    doubt: 'Twijfelt u of deze e-mail echt is?',
    doubtBody:
      'Volg de koppeling dan niet. Typ zelf het adres van uw organisatie, of vraag het uw beheerder. Niemand vraagt u per e-mail om uw wachtwoord of een code.',
  },
  roleChangedByAdmin: {
    subject: (organisation: string) => `De rol van uw account bij ${organisation} is gewijzigd`,
    body: 'Uw beheerder heeft gewijzigd wat uw account voor anderen mag doen. U bent overal afgemeld, zodat het meteen geldt.',
    notYou: 'Weet u niet waarom? Vraag het meteen uw beheerder.',
  },
  groupsChangedByAdmin: {
    subject: (organisation: string) =>
      `De groepen van uw account bij ${organisation} zijn gewijzigd`,
    body: 'Uw beheerder heeft gewijzigd tot welke groepen uw account behoort. Zij kunnen bepalen hoe u zich aanmeldt.',
    notYou: 'Weet u niet waarom? Vraag het uw beheerder.',
  },
  passIssued: {
    subject: (organisation: string) =>
      `Er is een tijdelijke toegangspas gemaakt voor uw account bij ${organisation}`,
    body: 'Uw beheerder heeft een pas gemaakt waarmee u zich een tijd lang kunt aanmelden, in plaats van met uw wachtwoord en uw verificatiemethode. Vraag uw beheerder erom. De pas staat in geen enkele e-mail of sms.',
    notYou:
      'Hebt u er niet om gevraagd? Vertel het meteen uw beheerder: wie de pas heeft, kan zich als u aanmelden.',
  },
  passUsed: {
    subject: (organisation: string) =>
      `Er is een tijdelijke toegangspas gebruikt voor uw account bij ${organisation}`,
    body: 'Iemand heeft de pas getypt die uw beheerder heeft gemaakt, in plaats van uw wachtwoord en uw verificatiemethode.',
    notYou: 'Iemand anders kan zich als u aanmelden. Vertel het meteen uw beheerder.',
  },
};
