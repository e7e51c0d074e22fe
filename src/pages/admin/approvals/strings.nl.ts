import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

export const nl: Translation<typeof en> = {
  title: 'Goedkeuringen',
  intro:
    'Wat er gebeurt met het account van iemand met een rol, wacht hier tot een tweede beheerder akkoord gaat. Elk akkoord geldt één keer, en een dag lang.',
  off: 'Uw organisatie vraagt geen tweede beheerder. Dat kan worden ingeschakeld onder Instellingen, Beheer.',
  none: 'Er wacht niets',
  noneBody: 'Wat een andere beheerder vraagt, verschijnt hier.',
  back: 'Goedkeuringen',
  columns: {
    what: 'Wat',
    who: 'Wiens account',
    asked: 'Gevraagd door',
    when: 'Wanneer',
    standing: 'Stand',
  },
  standings: {
    open: 'Wacht',
    agreed: 'Akkoord',
    declined: 'Afgewezen',
    done: 'Gedaan',
    over: 'Voorbij',
  },
  acts: {
    'set-state': 'De MFA-status wijzigen',
    block: 'Blokkeren',
    unblock: 'Deblokkeren',
    're-register': 'Opnieuw registreren vereisen',
    'revoke-sessions': 'Sessies intrekken',
    'delete-app-passwords': 'App-wachtwoorden verwijderen',
    'remove-method': 'Een methode verwijderen',
    'set-phone': 'Een telefoon registreren',
    'assign-token': 'Een hardwaretoken geven of terugnemen',
    'change-contact': 'De gegevens wijzigen',
    'change-other-mail': 'Het andere e-mailadres wijzigen',
    'change-groups': 'De groepen wijzigen',
    'change-role': 'De rol wijzigen',
    'switch-account': 'Het account in- of uitschakelen',
    'set-password': 'Een tijdelijk wachtwoord instellen',
    'issue-pass': 'Een tijdelijke toegangspas maken',
    'delete-account': 'Het account verwijderen',
    'stop-asking': 'Niet langer een tweede beheerder vragen',
  },
  nobody: 'Niemand in het bijzonder',
  gone: 'Een account dat er niet meer is',
  ask: {
    title: 'Een tweede beheerder moet akkoord gaan',
    intro: (act, name) =>
      `${act}: ${name}. Uw organisatie vraagt een tweede beheerder om akkoord voordat dit gebeurt bij iemand met een rol.`,
    why: 'Waarom',
    whyHint: 'De tweede beheerder leest het. Spreek elkaar ook.',
    missing: 'Typ waarom.',
    confirm: 'Vragen',
    cancel: 'Annuleren',
  },
  asked:
    'De andere beheerders hebben bericht gekregen. U krijgt een e-mail als een van hen beslist; doe het daarna opnieuw.',
  askedBefore: 'U hebt dit al gevraagd. Het wacht, of er is akkoord op gegeven.',
  decided: {
    agreed: 'U bent akkoord gegaan. Er is een e-mail over gestuurd.',
    declined: 'U hebt het afgewezen. Er is een e-mail over gestuurd.',
  },
  tooLate: 'Intussen heeft iemand anders beslist, of het is voorbij.',
  one: {
    reason: 'Waarom',
    until: 'Geldt tot',
    decidedBy: 'Beslist door',
    agree: 'Akkoord',
    decline: 'Afwijzen',
    own: 'U hebt dit gevraagd, dus iemand anders moet beslissen.',
    notYours: 'U kunt hierover niet beslissen: het gaat over u, of het staat boven uw rol.',
    warning:
      'Spreek wie het vraagt voordat u akkoord gaat: iemand anders kan dat account gebruiken.',
  },
};
