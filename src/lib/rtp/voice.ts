/**
 * Owns whether somebody speaks: for how long, and how long ago. A person who is called says a word and
 * listens; a machine goes on.
 */

/** A stretch of speech. Times in milliseconds. */
export interface Voice {
  readonly beganAt: number;
  readonly lastAt: number;
}

/** As loud as a soft voice, and louder than a line that hums: 36 dB below the loudest. */
const softest = 500;
/** A shorter pause is one for breath. */
const pauseMs = 1_000;

/** The stretch of speech after these samples: the same where they are quiet. */
export function hearVoice(
  voice: Voice | undefined,
  samples: Int16Array,
  now: number,
): Voice | undefined {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0);
  if (samples.length === 0 || power < softest ** 2 * samples.length) return voice;
  const goesOn = voice !== undefined && now - voice.lastAt <= pauseMs;
  return { beganAt: goesOn ? voice.beganAt : now, lastAt: now };
}

/** How long the speech of this moment lasts; 0 where there is none. */
export function voiceMs(voice: Voice | undefined, now: number): number {
  return voice === undefined || now - voice.lastAt > pauseMs ? 0 : voice.lastAt - voice.beganAt;
}
