/** Owns `tweestap check`: everything that would keep the service from working, told at once. */
import { loadSettings } from '../config.ts';
import type { Trial, TrialRefusal, Wanted } from '../administration/trying-providers.ts';
import { locales } from '../i18n/locale.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { choice } from './typed.ts';

export const checkCommand: Command = {
  name: 'check',
  does: 'Looks at the settings, the keys, the database, the audit log and the providers; starts nothing, changes nothing.',
  more: 'With --send-to it also sends a message that says it is a test, by each provider that carries it, and tells what each answered. That is on record as every other message is. What a call by Twilio or Vonage says is told by the service while it runs.',
  options: {
    'send-to': {
      takes: 'a value',
      value: 'RECEIVER',
      does: 'Sends a test: a text to a number with its country (+31 6 …), a mail to an address.',
    },
    call: { takes: 'nothing', does: 'With --send-to: calls the number instead.' },
    language: { takes: 'a value', value: 'LANGUAGE', does: 'With --send-to: en or nl.' },
    sample: { takes: 'nothing', does: 'As start --sample would find them.' },
    ...jsonOption,
  },
  run: async (call) => {
    const wanted = wantedIn(call);
    const loaded = loadSettings({
      mode: call.flag('sample') ? 'sample' : 'service',
      file: call.text('config'),
      environment: call.io.environment,
    });
    const faults: string[] = [];
    const notes = loaded.warnings.map(({ path, message }) => told(path, message));
    if (loaded.settings === undefined) {
      faults.push(...loaded.faults.map(({ path, message }) => told(path, message)));
    } else {
      const { examine } = await import('../installation/examine.ts');
      for (const finding of await examine(loaded.settings)) {
        const line = `${finding.part}: ${finding.message}`;
        if (finding.isFault) faults.push(line);
        else notes.push(line);
      }
    }
    const tests =
      wanted === undefined || loaded.settings === undefined
        ? []
        : await sendTests(call, wanted).catch((error: unknown) => {
            faults.push(`test: ${error instanceof Error ? error.message : String(error)}`);
            return [];
          });
    for (const { provider, fault } of tests) {
      if (fault !== undefined) faults.push(`test by ${provider}: ${fault}`);
    }
    if (call.flag('json')) call.json({ faults, notes, ...(wanted === undefined ? {} : { tests }) });
    else {
      for (const test of tests) if (test.fault === undefined) call.say(`sent   ${sent(test)}`);
      for (const fault of faults) call.say(`fault  ${fault}`);
      for (const note of notes) call.say(`note   ${note}`);
    }
    if (faults.length > 0) {
      throw new CommandFailure(
        faults.length === 1 ? 'There is one fault.' : `There are ${faults.length} faults.`,
      );
    }
    if (!call.flag('json') && wanted === undefined)
      call.say('Everything that can be looked at without starting is in order.');
  },
};

/** What is to be sent; undefined where nothing is. */
function wantedIn(call: Call): Wanted | undefined {
  const to = call.text('send-to');
  const language = call.text('language');
  if (to === undefined) {
    if (!call.flag('call') && language === undefined) return undefined;
    throw new CommandFailure('--call and --language go with --send-to RECEIVER.', 2);
  }
  if (call.flag('sample')) {
    throw new CommandFailure(
      'With --sample nothing leaves this machine. Leave it out: then the settings are those of your own service.',
      2,
    );
  }
  const isMail = to.includes('@');
  if (isMail && call.flag('call')) throw new CommandFailure('An address cannot be called.', 2);
  const locale = choice(call, 'language', locales);
  return { kind: isMail ? 'mail' : call.flag('call') ? 'call' : 'text', to, locale };
}

const refusals: Readonly<Record<TrialRefusal, string>> = {
  'nobody-carries': 'No provider is set up that carries this.',
  'not-a-number': 'That is not a number with its country, such as +31 6 12345678.',
  'not-an-address': 'That is not an address.',
  premium: 'Numbers that cost extra are never called or sent to.',
  country: 'The policy (delivery.countries) does not allow messages to that country.',
  'day-budget': 'The organisation has sent all that it may in a day.',
};

async function sendTests(call: Call, wanted: Wanted): Promise<readonly Trial[]> {
  const { database, providers, policies, clock, random } = await call.installation();
  const { tryProviders } = await import('../administration/trying-providers.ts');
  const { stores, transact } = database;
  const parts = { providers, stores, transact, policies, clock, random };
  // It may ring for a minute before there is anything to tell.
  if (wanted.kind === 'call' && !call.flag('json')) call.say('test   a call may take a minute …');
  const result = await tryProviders(parts, wanted, actor);
  if ('refused' in result) throw new CommandFailure(refusals[result.refused]);
  return result.trials;
}

function sent({ provider, reference, tookMs, ended }: Trial): string {
  const end = ended === undefined ? '' : `; the call ended: ${ended}`;
  return `${provider}: it calls it ${reference ?? ''}, after ${tookMs} ms${end}`;
}

function told(path: string, message: string): string {
  return path === '' ? message : `${path}: ${message}`;
}
