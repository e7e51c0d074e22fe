/** Hoe elke instelling heet en wat ze betekent, bij haar pad. */
import type { SettingWords } from './setting-word.ts';

export const nl: Readonly<Record<string, SettingWords>> = {
  'organisation.name': {
    label: 'Naam',
    help: 'Op elke pagina, in elk bericht, en als eerste in een gesprek. Hoogstens 80 tekens.',
    wrong: 'Typ een naam van hoogstens 80 tekens.',
  },
  'organisation.domain': {
    label: 'Maildomein',
    help: 'Waar gebruikersnamen op eindigen: contoso.example.',
    wrong: 'Typ een domein van hoogstens 253 tekens.',
  },
  'organisation.defaultLanguage': {
    label: 'Taal',
    help: 'Voor wie geen taal heeft ingesteld en van wie de browser om geen van onze talen vraagt.',
    values: { en: 'English', nl: 'Nederlands' },
  },
  'organisation.country': {
    label: 'Land of regio',
    help: 'Het eerste in lijsten met landen. Berichten en gesprekken gaan daarheen, tenzij u iets anders zegt.',
    wrong: 'Kies een land of regio.',
  },
  'organisation.brandColour': {
    label: 'Kleur',
    help: 'Als # en zes cijfers of letters: #0f5ea8. Is ze slecht te lezen, dan wordt ze vanzelf donkerder of lichter.',
    wrong:
      'Typ een kleur als # en zes cijfers of letters van a tot en met f, bijvoorbeeld #0f5ea8.',
  },
  'organisation.helpLink': {
    label: 'Koppeling naar uw helpdesk',
    help: 'Op de Help-pagina en waar iemand niet binnenkomt. Een adres dat begint met https:// of mailto:.',
    wrong:
      'Typ een adres dat begint met https:// of mailto:, bijvoorbeeld https://help.example.com.',
  },
  'organisation.logo': { label: 'Logo', help: 'Een PNG, JPEG of WebP van hoogstens 32 KB.' },
  'organisation.signInText.en': {
    label: 'Tekst bij het aanmelden, in het Engels',
    help: 'Op de eerste pagina van een aanmelding: voor wie dit is, waar men het vraagt. Hoogstens 300 tekens.',
    wrong: 'Typ niet meer dan 300 tekens.',
  },
  'organisation.signInText.nl': {
    label: 'Tekst bij het aanmelden, in het Nederlands',
    help: 'Is het leeg, dan staat er niets voor wie Nederlands leest.',
    wrong: 'Typ niet meer dan 300 tekens.',
  },
  'appPasswords.allowed': {
    label:
      'Gebruikers toestaan app-wachtwoorden te maken om zich aan te melden bij niet-browser-apps',
    help: 'Voor oudere apps die geen tweede stap kunnen tonen. Alleen wie Afgedwongen is, kan ze maken.',
  },
  'appPasswords.expiryDays': {
    label: 'Een app-wachtwoord eindigt na',
    unit: 'dagen',
    help: '0 betekent dat het niet eindigt. Een lager aantal geldt meteen, ook voor wat er al is.',
  },
  'appPasswords.ownPassword': {
    label:
      'Oudere apps mogen het wachtwoord van het account gebruiken waar geen tweede stap wordt gevraagd',
    help: 'Dat wil zeggen: van mensen die nog geen tweede stap nodig hebben, en vanaf vertrouwde IP-adressen tot iemand een app-wachtwoord heeft gemaakt.',
  },
  trustedIps: {
    label: 'De tweede stap overslaan voor aanvragen vanaf deze IP-adresbereiken',
    help: 'Eén bereik op elke regel, IPv4 of IPv6, hoogstens 50: 192.0.2.0/24, 2001:db8::/32, of een enkel adres.',
  },
  'trustedDevices.allowed': {
    label:
      'Gebruikers toestaan meervoudige verificatie te onthouden op apparaten die ze vertrouwen',
    help: 'Ze kiezen “niet opnieuw vragen” bij de tweede stap. Het telt nooit voor een wijziging in Beveiligingsgegevens, en nooit voor iemand met een rol.',
  },
  'trustedDevices.days': {
    label: 'Een apparaat is vertrouwd gedurende',
    unit: 'dagen',
    help: 'Een lager aantal geldt meteen, ook voor apparaten die al vertrouwd zijn.',
  },
  'methods.*.enabled': { label: 'Deze methode mag worden gebruikt' },
  'methods.phone-call.enabled': { label: 'Bellen naar telefoon' },
  'methods.text-message.enabled': { label: 'Sms-bericht naar telefoon' },
  'methods.notification.enabled': { label: 'Melding via mobiele app' },
  'methods.authenticator-code.enabled': {
    label: 'Verificatiecode van de mobiele app of het hardwaretoken',
  },
  'methods.*.includedGroups': {
    label: 'Alleen voor leden van deze groepen',
    help: 'Kiest u er geen en laat u het leeg, dan is de methode voor iedereen.',
  },
  'methods.*.excludedGroups': {
    label: 'Niet voor leden van deze groepen',
    help: 'In welke andere groepen ze ook zitten.',
  },
  'registration.windowDays': {
    label: 'Met het wachtwoord alleen mag men een eerste methode registreren gedurende',
    unit: 'dagen',
    help: 'Geteld vanaf het moment dat de tweede stap van de persoon werd vereist. Daarna is een tijdelijke toegangspas of een vertrouwd IP-adres nodig.',
  },
  'registration.fromTrustedIpsOnly': {
    label:
      'Het wachtwoord alleen registreert een eerste methode alleen vanaf vertrouwde IP-adressen',
    help: 'Van elders is een tijdelijke toegangspas nodig. Noem eerst uw bereiken bij Service-instellingen.',
  },
  'registration.campaign.enabled': {
    label: 'Mensen zonder authenticator-app vragen er een in te stellen',
    help: 'Na een aanmelding. Men kan het uitstellen.',
  },
  'registration.campaign.includedGroups': {
    label: 'Alleen leden van deze groepen vragen',
    help: 'Kiest u er geen en laat u het leeg, dan wordt het iedereen gevraagd.',
  },
  'registration.campaign.excludedGroups': { label: 'Leden van deze groepen nooit vragen' },
  'registration.campaign.snoozeDays': {
    label: 'Wie het uitstelt, wordt opnieuw gevraagd na',
    unit: 'dagen',
    help: '0 betekent bij de volgende aanmelding.',
  },
  'registration.campaign.snoozes': {
    label: 'Het mag worden uitgesteld',
    unit: 'keer',
    help: 'Alleen waar het daarna verplicht is.',
  },
  'registration.campaign.requiredAfterwards': {
    label: 'Het is verplicht als het zo vaak is uitgesteld',
  },
  'reset.allowedFor': {
    label: 'Selfservice voor wachtwoordherstel',
    help: 'Wie een nieuw wachtwoord mag kiezen zonder de helpdesk. Wie een rol heeft, bewijst altijd twee dingen en beantwoordt nooit vragen.',
    values: { nobody: 'Niemand', group: 'Alleen leden van één groep', all: 'Iedereen' },
  },
  'reset.group': {
    label: 'De groep waarvan de leden het mogen',
    help: 'Alleen van belang als u voor één groep hebt gekozen.',
    wrong: 'Kies de groep waarvan de leden het mogen.',
  },
  'reset.gates': {
    label: 'Aantal methoden dat voor herstel nodig is',
    values: { 1: 'Eén', 2: 'Twee verschillende' },
  },
  'reset.methods': {
    label: 'Methoden die gebruikers kunnen kiezen',
    help: 'Een melding is nooit de enige van een herstel met één methode.',
  },
  'reset.requireRegistration': {
    label: 'Gebruikers moeten zich registreren wanneer ze zich aanmelden',
    help: 'Wie te weinig heeft voor een herstel, wordt bij de volgende aanmelding om meer gevraagd.',
  },
  'reset.reconfirmDays': {
    label: 'Gebruikers vragen te bevestigen wat ze registreerden, elke',
    unit: 'dagen',
    help: '0 betekent nooit.',
  },
  'reset.unlock': {
    label: 'Wie het wachtwoord kent, mag een pauze beëindigen zonder een nieuw te kiezen',
    help: 'Na te veel verkeerde wachtwoorden. Men bewijst hetzelfde als voor een herstel.',
  },
  'reset.revokeAppPasswords': {
    label: 'Een herstel verwijdert de app-wachtwoorden van het account',
  },
  'reset.notifyPerson': {
    label: 'Gebruikers een bericht sturen als hun wachtwoord is hersteld',
    help: 'Per e-mail naar al hun adressen.',
  },
  'reset.forRoles': {
    label: 'Ook voor mensen met een rol',
    help: 'Voor zover het hun hierboven is toegestaan. Anders stelt een andere beheerder hun wachtwoord in.',
  },
  'reset.notifyAdmins': {
    label: 'Alle hoofdbeheerders een bericht sturen als iemand met een rol dat doet',
  },
  'reset.helpLink': {
    label: 'Eigen koppeling naar de helpdesk bij een herstel',
    help: 'Voor wie niet kan herstellen. Laat het leeg voor de koppeling van de organisatie.',
    wrong:
      'Typ een adres dat begint met https:// of mailto:, bijvoorbeeld mailto:help@example.com.',
  },
  'fraud.blockOnReport': {
    label: 'Gebruikers die fraude melden automatisch blokkeren',
    help: 'Wie zegt “dat was ik niet” (0# in een gesprek, of in de app) is geblokkeerd tot iemand de blokkering opheft.',
  },
  'fraud.blockDays': {
    label: 'Zo’n blokkering duurt hoogstens',
    unit: 'dagen',
  },
  'fraud.notify': {
    label: 'E-mailadressen die van elke fraudemelding horen',
    help: 'Eén op elke regel, hoogstens 20. Laat het leeg, en uw hoofdbeheerders en verificatiebeheerders horen ervan.',
  },
  passwordSuspicion: {
    label:
      'Na te veel verkeerde tweede stappen of een fraudemelding moet het wachtwoord worden gewijzigd',
    help: 'Wie tot de tweede stap kwam, kende het wachtwoord. De eigenaar kiest een nieuw bij de volgende volledige aanmelding.',
  },
  'administration.secondApproval': {
    label: 'Wat met iemand met een rol gebeurt, wacht op een tweede beheerder',
    help: 'Tot een ander die hetzelfde mag akkoord is, gebeurt er niets.',
  },
  'administration.helpDeskIssuesPasses': {
    label: 'De helpdesk mag tijdelijke toegangspassen maken',
    help: 'Alleen voor mensen zonder rol. Wie een pas maakt, ziet hem en zou zich ermee kunnen aanmelden.',
  },
  systemPreferred: {
    label: 'Eerst vragen om de sterkste methode die iemand heeft',
    help: 'In plaats van de standaardmethode die men koos. Aanmelden op een andere manier kan nog steeds.',
  },
  'lockout.wrongSteps': {
    label: 'Aantal verkeerde tweede stappen waarna een pauze volgt',
    help: 'Van één persoon binnen 24 uur, met alle methoden samen.',
  },
  'lockout.pauseMinutes': {
    label: 'De eerste pauze duurt',
    unit: 'minuten',
    help: 'Elke volgende pauze duurt twee keer zo lang.',
  },
  'lockout.longestPauseHours': {
    label: 'Geen pauze duurt langer dan',
    unit: 'uren',
  },
  'sessions.absoluteHours': {
    label: 'Een sessie eindigt uiterlijk na',
    unit: 'uren',
    help: 'Geteld vanaf de aanmelding. Minder uren gelden meteen, ook voor de sessies die er zijn.',
  },
  'sessions.idleMinutes': {
    label: 'Een sessie die niet wordt gebruikt, eindigt na',
    unit: 'minuten',
  },
  'sessions.adminAbsoluteHours': {
    label: 'Van mensen met een rol, uiterlijk na',
    unit: 'uren',
  },
  'sessions.adminIdleMinutes': {
    label: 'Van mensen met een rol, niet gebruikt, na',
    unit: 'minuten',
  },
  'sessions.staySignedIn.allowed': {
    label: '“Aangemeld blijven?” vragen',
    help: 'Aan wie een rol heeft, wordt het nooit gevraagd.',
  },
  'sessions.staySignedIn.days': {
    label: 'Wie ja zegt, blijft aangemeld gedurende',
    unit: 'dagen',
  },
  'passwords.banned': {
    label: 'Woorden waarvan geen wachtwoord gemaakt mag zijn',
    help: 'Eén op elke regel, van 4 tot 40 tekens, hoogstens 1.000: uw producten, uw straten, de naam van het team.',
  },
  'delivery.countries': {
    label: 'Landen of regio’s waar berichten en gesprekken heen mogen',
    help: 'Twee letters op elke regel: NL, BE, DE. Laat het leeg voor alleen uw eigen land.',
  },
  'delivery.blockedNumbers': {
    label: 'Nummers waar niets heen gaat',
    help: 'Eén op elke regel, geheel of zoals ze beginnen: +88213. Reeksen nummers waar niemand vandaan antwoordt, worden vanzelf gesloten; nummers die extra kosten kan niemand registreren.',
  },
  'delivery.dayBudget': {
    label: 'Sms-berichten en gesprekken in 24 uur, voor iedereen samen',
    help: 'Is het op, dan krijgt men de andere methoden aangeboden.',
  },
  'delivery.perPersonHour': { label: 'Sms-berichten en gesprekken naar één persoon in een uur' },
  'delivery.perNumberDay': {
    label: 'Sms-berichten en gesprekken naar één nummer in 24 uur',
    help: 'Wie er ook om vraagt, zodat niemand ermee kan worden lastiggevallen.',
  },
  'delivery.secondsApart': {
    label: 'Om een volgend bericht of gesprek kan worden gevraagd na',
    unit: 'seconden',
  },
  'delivery.textPrice': {
    label: 'Wat één sms-bericht ongeveer kost',
    help: 'Alleen voor het rapport van berichten en gesprekken: 0,08. Is het leeg, dan telt het rapport en noemt het geen kosten.',
    wrong: 'Typ een prijs in alleen cijfers, zoals 0,08, of laat het leeg.',
  },
  'delivery.callPrice': {
    label: 'Wat één gesprek ongeveer kost',
    help: 'Alleen voor het rapport: 0,12.',
    wrong: 'Typ een prijs in alleen cijfers, zoals 0,12, of laat het leeg.',
  },
  'delivery.currency': {
    label: 'Munteenheid van deze prijzen',
    help: 'Drie hoofdletters: EUR.',
    wrong: 'Typ de drie hoofdletters van een munteenheid, zoals EUR.',
  },
  'methods.email.settings.ownMailbox': {
    label: 'De mailbox van het account zelf mag worden gebruikt',
    help: 'Wie het wachtwoord daarvan vergat, kan haar niet lezen, tenzij ze elders staat.',
  },
  'methods.notification.settings.pin': {
    label: 'Goedkeuren vraagt om een pincode',
    help: 'Die wordt gekozen bij het instellen van de app. Apps die er dan geen hebben, moeten opnieuw worden ingesteld.',
  },
  'methods.notification.settings.showApplication': {
    label: 'In de app de naam van de toepassing tonen',
  },
  'methods.notification.settings.showPlace': {
    label: 'In de app tonen waar de aanmelding vandaan komt',
    help: 'Het IP-adres.',
  },
  'methods.phone-call.settings.confirmation': {
    label: 'Wat men indrukt',
    help: 'Wie een rol heeft, typt altijd de cijfers.',
    values: { hash: 'Het hekje (#)', digits: 'De twee cijfers op de pagina, daarna #' },
  },
  'methods.phone-call.settings.reportKey': {
    label: 'De toets die fraude meldt, vóór het hekje',
    help: 'Eén cijfer; de oproep noemt het. 0, tenzij u iets anders zegt.',
    wrong: 'Typ één cijfer.',
  },
  'methods.phone-call.settings.officePhoneTyped': {
    label: 'Wie geen bureautelefoon in de adreslijst heeft, mag er een typen',
  },
  'methods.security-key.settings.passwordless': {
    label: 'Een beveiligingssleutel of passkey mag het wachtwoord vervangen',
    help: 'Men kan zich dan daarmee alleen aanmelden.',
  },
  'methods.security-questions.settings.register': {
    label: 'Aantal vragen dat men registreert',
    wrong:
      'Er zijn niet zoveel vragen om uit te kiezen. Sta er meer van ons toe, of voeg er zelf toe.',
  },
  'methods.security-questions.settings.reset': {
    label: 'Aantal vragen bij een herstel',
    help: 'Niet meer dan er geregistreerd zijn. Ze worden geloot.',
    wrong: 'Er kunnen er niet meer worden gevraagd dan er geregistreerd zijn.',
  },
  'methods.security-questions.settings.withheld': {
    label: 'Vragen van ons die niet gekozen mogen worden',
  },
  'methods.security-questions.settings.custom': {
    label: 'Eigen vragen',
    help: 'Eén op elke regel, zoals ze gelezen wordt, hoogstens 20. Ze staan er in de taal waarin u ze schrijft.',
  },
  'methods.temporary-access-pass.settings.minutes': {
    label: 'Een pas is geldig gedurende',
    unit: 'minuten',
    help: 'Tenzij wie hem maakt iets anders zegt. 60 is een uur, 1440 een dag.',
  },
  'methods.temporary-access-pass.settings.longestMinutes': {
    label: 'Hoogstens',
    unit: 'minuten',
    help: '43200 is 30 dagen.',
  },
  'methods.temporary-access-pass.settings.length': { label: 'Lengte', unit: 'tekens' },
  'methods.temporary-access-pass.settings.once': {
    label: 'Goed voor één aanmelding',
    help: 'Tenzij wie hem maakt iets anders zegt.',
  },
  'methods.text-message.settings.reply': {
    label: 'Men mag de sms beantwoorden met de twee cijfers op de pagina',
    help: 'Naast het typen van de code. Het werkt waar uw provider antwoorden doorgeeft.',
  },
  strengths: {
    label: 'Verificatiesterkten',
    help: 'Welke combinaties van methoden genoeg zijn voor wie er een bij zijn naam vraagt.',
  },
  sites: {
    label: 'Wat sites achter een proxy vereisen',
    help: 'Ten minste; bij de andere beslist de status van de persoon.',
  },
};
