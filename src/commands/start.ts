/** Owns `tweestap start`: runs the service until it is asked to end, and says where everything is. */
import { loadSettings } from '../config.ts';
import type { RunningServer } from '../server.ts';
import { CommandFailure, settingsFailure, type Call, type Command } from './command.ts';
import { table } from './words.ts';

export const startCommand: Command = {
  name: 'start',
  does: 'Runs the service until Ctrl-C or SIGTERM.',
  more: 'With --sample: the sample organisation in an empty data folder, the simulator, a sample application; on this machine only.',
  options: {
    sample: { takes: 'nothing', does: 'Runs the sample organisation.' },
  },
  run: async (call) => {
    const loaded = loadSettings({
      mode: call.flag('sample') ? 'sample' : 'service',
      file: call.text('config'),
      environment: call.io.environment,
    });
    for (const { path, message } of loaded.warnings) {
      call.warn(path === '' ? message : `${path}: ${message}`);
    }
    if (loaded.settings === undefined) throw settingsFailure(loaded.faults);
    closeObjectPrototype();
    const [{ startTweestap }, { sample }] = await Promise.all([
      import('../server.ts'),
      import('../sample/sample.ts'),
    ]);
    const server = await startTweestap(loaded.settings, {
      logTo: call.io.error,
      ...(loaded.settings.isSample ? { sample } : {}),
    }).catch((error: unknown) => {
      throw portTaken(error) ?? error;
    });
    greet(call, server);
    await call.io.asked();
    await server.stop();
  },
};

const portSettings =
  'TWEESTAP_HTTP_PORT, TWEESTAP_SAMPLE_APP_PORT, TWEESTAP_LDAP_PORT, TWEESTAP_LDAPS_PORT or TWEESTAP_RADIUS_PORT';

/** What to do where another program, or another Tweestap, has the port already; undefined for any other error. */
function portTaken(error: unknown): CommandFailure | undefined {
  if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'EADDRINUSE') return undefined;
  const where = `${Reflect.get(error, 'address')}:${Reflect.get(error, 'port')}`;
  return new CommandFailure(
    `Something listens at ${where} already: another program, or Tweestap itself. Stop that, or choose another port (${portSettings}).`,
  );
}

/**
 * From here on nothing can be added to what all objects inherit, by whatever detour a request finds
 * into a careless merge of some package (attack ATK-91). Not frozen: then packages that define an own
 * `toString` by assignment would fail.
 */
function closeObjectPrototype(): void {
  Reflect.deleteProperty(Object.prototype, '__proto__');
  Object.preventExtensions(Object.prototype);
}

/** Where things are, and, with the sample organisation, who can sign in. */
function greet(call: Call, server: RunningServer): void {
  call.say('');
  call.say(`Tweestap is ready in ${Math.round(server.startedInMs)} ms.`);
  call.say('');
  call.say(`  Sign in             ${server.origin}/`);
  if (server.sampleAppOrigin !== undefined) {
    call.say(`  Sample application  ${server.sampleAppOrigin}/`);
  }
  if (server.hasSimulator) call.say(`  Phones and mailbox  ${server.origin}/simulator`);
  if (server.radiusPort !== undefined) call.say(`  RADIUS              port ${server.radiusPort}`);
  const { port, tlsPort } = server.ldap;
  const ldap = [
    ...(port === undefined ? [] : [`ldap://localhost:${port}`]),
    ...(tlsPort === undefined ? [] : [`ldaps://localhost:${tlsPort}`]),
  ];
  if (ldap.length > 0) call.say(`  LDAP                ${ldap.join(', ')}`);
  if (server.people.length > 0) {
    const rows = server.people.map((person) => [
      `  ${person.userPrincipalName}`,
      person.password,
      person.summary,
    ]);
    call.say('');
    call.say(table(['  Sign in as', 'Password', ''], rows));
  }
  call.say('');
  call.say('Ctrl-C ends it. Everything is kept.');
  call.say('');
}
