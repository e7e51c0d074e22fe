/** Owns `tweestap check`: everything that would keep the service from working, told at once. */
import { loadSettings } from '../config.ts';
import { CommandFailure, jsonOption, type Command } from './command.ts';

export const checkCommand: Command = {
  name: 'check',
  does: 'Looks at the settings, the keys, the database, the audit log and the providers; starts nothing, changes nothing.',
  options: {
    sample: { takes: 'nothing', does: 'As start --sample would find them.' },
    ...jsonOption,
  },
  run: async (call) => {
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
    if (call.flag('json')) call.json({ faults, notes });
    else {
      for (const fault of faults) call.say(`fault  ${fault}`);
      for (const note of notes) call.say(`note   ${note}`);
    }
    if (faults.length > 0) {
      throw new CommandFailure(
        faults.length === 1 ? 'There is one fault.' : `There are ${faults.length} faults.`,
      );
    }
    if (!call.flag('json'))
      call.say('Everything that can be looked at without starting is in order.');
  },
};

function told(path: string, message: string): string {
  return path === '' ? message : `${path}: ${message}`;
}
