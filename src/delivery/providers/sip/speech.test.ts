import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { until } from '../../../../test/support/poll.ts';
import { newWorkshop, type Workshop } from '../../../../test/support/programs.ts';
import { lettersAsWav } from '../../../../test/support/spoken-letters.ts';
import { createSpeech, SpeechFault } from './speech.ts';

/** Whether a process does anything: one that has ended may wait to be noticed. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a speech program', () => {
  let workshop: Workshop;
  let wav: string;
  before(() => {
    workshop = newWorkshop();
    wav = join(workshop.folder, 'sound.wav');
    workshop.write('sound.wav', lettersAsWav('a sound').toString('latin1'));
  });
  after(() => workshop.remove());

  /** A program that notes what it was given, and speaks. */
  const noting = (more = ''): readonly string[] => {
    const script = [
      'printf "%s\\n" "$*" >> args',
      'env > environment',
      'cat >> words',
      more,
      `cat ${wav}`,
    ].join('\n');
    const path = workshop.write('speaks.sh', `cd ${workshop.folder}\n${script}\n`);
    return ['sh', path, '--voice', 'dialect-{language}'];
  };
  const noted = (name: string): string => readFileSync(join(workshop.folder, name), 'utf8');
  const faultOf = async (command: readonly string[], seconds = 5): Promise<SpeechFault> => {
    const speak = createSpeech({ command: [...command], seconds });
    const fault: unknown = await speak('Geheime naam.', 'nl').then(
      () => assert.fail('it spoke'),
      (error: unknown) => error,
    );
    assert.ok(fault instanceof SpeechFault);
    assert.ok(!fault.message.includes('Geheime'));
    return fault;
  };

  it('is given the words where nobody else can read them, one line, and nothing of our own', async () => {
    const speak = createSpeech({ command: [...noting()], seconds: 5 });
    const samples = await speak('Druk op\n  hekje; `id` $(id).', 'nl');
    assert.equal(samples.length, 'a sound'.length);
    assert.equal(noted('words'), 'Druk op hekje; `id` $(id).\n');
    assert.equal(noted('args'), '--voice dialect-nl\n');
    assert.doesNotMatch(noted('environment'), /TWEESTAP|HOME=|NODE/);
  });

  it('speaks the same once, and again in another language', async () => {
    const speak = createSpeech({ command: [...noting('echo >> turns')], seconds: 5 });
    await Promise.all([speak('Hallo.', 'nl'), speak('Hallo.', 'nl')]);
    await speak('Hallo.', 'nl');
    await speak('Hallo.', 'en');
    assert.equal(noted('turns'), '\n\n');
  });

  it('is given up where it is slow, or writes without end, and all that it started', async () => {
    const script = workshop.write(
      'slow.sh',
      `cd ${workshop.folder}\nsleep 30 & echo $! > pid\nwait\n`,
    );
    assert.match((await faultOf(['sh', script], 1)).message, /more than 1 seconds/);
    const pid = Number(noted('pid'));
    await until('it to end', () => !isRunning(pid));
    assert.match((await faultOf(['yes'])).message, /too much/);
  });

  it('says what it complained of, for whoever sets it up', async () => {
    const script = workshop.write('fails.sh', 'echo "no such voice" >&2\nexit 3\n');
    const fault = await faultOf(['sh', script]);
    assert.match(fault.message, /ended with 3/);
    assert.match(fault.detail, /no such voice/);
    assert.match((await faultOf(['/nonexistent'])).detail, /ENOENT/);
  });

  it('fails alone, and says why, where the machine has no file left to open', async () => {
    const script = `
      import { openSync } from 'node:fs';
      import { createSpeech } from ${JSON.stringify(import.meta.resolve('./speech.ts'))};
      const speak = createSpeech({ command: ['true'], seconds: 5 });
      try {
        for (;;) openSync('/dev/null', 'r');
      } catch {}
      const fault = await speak('Geheime naam.', 'nl').catch((error) => error);
      await new Promise((resolve) => setImmediate(resolve));
      console.log(fault.message + ': ' + fault.detail);
    `;
    const few = 'ulimit -n 100 && exec "$0" --input-type=module --eval "$1"';
    const { stdout } = await promisify(execFile)('sh', ['-c', few, process.execPath, script]);
    assert.match(stdout, /^the speech program cannot be started: .*EMFILE/);
  });

  it('is believed only where it wrote a sound, of a minute at most', async () => {
    assert.match((await faultOf(['echo', 'words'])).message, /WAV/);
    assert.match((await faultOf(['true'])).message, /WAV/);
    const path = workshop.write(
      'long.wav',
      lettersAsWav('x'.repeat(61 * 8_000)).toString('latin1'),
    );
    assert.match((await faultOf(['cat', path])).message, /too long/);
  });

  it('is asked again after it failed', async () => {
    const once = noting('if [ -e tried ]; then :; else echo > tried; exit 1; fi');
    const speak = createSpeech({ command: [...once], seconds: 5 });
    await assert.rejects(speak('Nog eens.', 'nl'), SpeechFault);
    assert.equal((await speak('Nog eens.', 'nl')).length, 'a sound'.length);
  });
});
