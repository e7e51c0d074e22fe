import type { Translation } from '../../../i18n/translation.ts';
import type { en } from './strings.en.ts';

/** Wat de pagina's over begroetingen zeggen. */
export const nl: Translation<typeof en> = {
  title: 'Begroetingen van telefoongesprekken',
  detail: 'Wat gesprekken zeggen, in uw eigen woorden of stem',
  intro:
    'Wat een gesprek zegt, in de taal van de persoon. Een code wordt nooit uitgesproken, en een voicemail hoort hier niets van.',
  back: 'Instellingen',
  callerId: 'Nummer waarmee wordt gebeld',
  callerIdHint: 'Het wordt ingesteld waar de provider wordt ingesteld.',
  noCallerId: 'Geen: er is geen provider voor gesprekken ingesteld.',
  languages: { en: 'Engels', nl: 'Nederlands' },
  columns: { moment: 'Moment', says: 'Wat het zegt', change: 'Wijzigen' },
  moments: {
    greeting: 'Begroeting: wie er belt',
    'press-hash': 'Waarop te drukken: hekje',
    'press-digits': 'Waarop te drukken: de cijfers op het scherm, daarna hekje',
    'wrong-key': 'Het was niet het hekje',
    'wrong-digits': 'Dat waren niet de cijfers',
    thanks: 'Dank en afscheid',
  },
  builtIn: 'Ingebouwd',
  ownWords: 'Eigen woorden',
  ownSound: 'Eigen geluid',
  listen: 'Beluisteren',
  change: 'Wijzigen',
  cancel: 'Annuleren',
  one: (moment, language) => `${moment} (${language})`,
  now: 'Nu',
  words: 'Woorden',
  wordsHint:
    'Hoogstens 400 tekens, uitgesproken door de stem van de provider. {organisation} en {person} worden de namen. Waar staat waarop te drukken, zeg daar ook met welke toets men een gesprek meldt waar niemand om vroeg.',
  keepWords: 'Deze woorden uitspreken',
  file: 'Een geluid',
  fileHint:
    'WAV of MP3, hoogstens 1 MB en korter dan 20 seconden. Providers die geen geluiden afspelen, spreken in plaats daarvan de ingebouwde woorden uit.',
  keepSound: 'Dit geluid afspelen',
  reset: 'Terug naar de ingebouwde woorden',
  faults: {
    empty: 'Typ wat er gezegd moet worden.',
    'too-long': 'Dat is langer dan 400 tekens.',
    'unknown-blank': 'Alleen {organisation} en {person} staan ergens voor.',
    missing: 'Kies een bestand.',
    'too-large': 'Dat bestand is groter dan 1 MB.',
    'no-sound': 'Dat is geen WAV en geen MP3, of maar een deel ervan.',
    'lasts-too-long': 'Dat duurt 20 seconden of langer.',
  },
  done: 'Gesprekken zeggen dit vanaf nu.',
};
