/** Owns `tweestap rotate-keys`: another key seals what is kept, another one signs tokens. */
import type { Rotated } from '../installation/rotation.ts';
import { systemClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/random.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { count } from './words.ts';

export const rotateKeysCommand: Command = {
  name: 'rotate-keys',
  does: 'Changes the keys: the data key, which seals what is kept, and the signing key, which signs tokens.',
  more: [
    'Data key: a new one is made in secret.key, everything is sealed anew, and the old key is taken out. Stop the service',
    'before, on every node. What was broken off goes on with the next call, also beside the running service. Where',
    'TWEESTAP_SECRET_KEY names the key you change it: the old one goes to TWEESTAP_PREVIOUS_SECRET_KEYS, start every node',
    'anew, call this, then take the old one away. Backups taken before need the old key: see --keep.',
    'Signing key: the next one is published now and signs after 25 hours; the old one stays published for 7 days more.',
    'Cookies have no key: each is a random value of its own, and what belongs to a form is made of it.',
    'Not changed: the key of hashes (sessions, app passwords, the audit log), which lives as long as the data.',
    'What it means that a key has leaked: docs/operating/keys.md.',
  ].join('\n'),
  options: {
    only: { takes: 'a value', value: 'KEY', does: 'Only this one: data or signing.' },
    leaked: {
      takes: 'nothing',
      does: 'The new signing key signs at once, and no older one is believed any more.',
    },
    keep: {
      takes: 'a value',
      value: 'FILE',
      does: 'Keeps the old data key in this new file, for older backups.',
    },
    ...jsonOption,
  },
  run: rotate,
};

const known = ['data', 'signing'];

async function rotate(call: Call): Promise<void> {
  const only = call.text('only');
  if (only !== undefined && !known.includes(only)) {
    throw new CommandFailure(`--only takes data or signing, not "${only}".`, 2);
  }
  const wants = { secretKey: only !== 'signing', signingKey: only !== 'data' };
  const isLeaked = call.flag('leaked');
  const keepIn = call.text('keep');
  if (isLeaked && !wants.signingKey) {
    throw new CommandFailure('--leaked says how the signing key changes: not with --only data.', 2);
  }
  if (keepIn !== undefined && !wants.secretKey) {
    throw new CommandFailure('--keep keeps the data key: not with --only signing.', 2);
  }
  const settings = call.settings('command');
  if (keepIn !== undefined && settings.secretKeys.length > 0) {
    throw new CommandFailure(
      '--keep is for a key in the data folder; yours is in the settings.',
      2,
    );
  }
  const { rotateKeys } = await import('../installation/rotation.ts');
  const rotated = await rotateKeys(settings, {
    ...wants,
    isLeaked,
    keepIn,
    by: actor,
    clock: systemClock,
    random: systemRandom,
  });
  if ('refused' in rotated) throw new CommandFailure(rotated.refused);
  if (call.flag('json')) call.json(asJson(rotated));
  else for (const line of told(rotated, keepIn)) call.say(line);
  const { damaged = 0 } = rotated.secretKey ?? {};
  if (damaged > 0) {
    call.warn(`${count(damaged, 'value')} could not be read with any key: they open nothing.`);
  }
}

function asJson({ secretKey, signingKey }: Rotated): unknown {
  return {
    dataKey: secretKey ?? null,
    signingKey:
      signingKey === undefined
        ? null
        : { ...signingKey, signsFrom: signingKey.signsFrom.toISOString() },
  };
}

function told({ secretKey, signingKey }: Rotated, keepIn: string | undefined): readonly string[] {
  const lines: string[] = [];
  if (secretKey !== undefined) {
    const { keyId, replaced, values, wasBegun, isTakenAway } = secretKey;
    const old = replaced.join(', ');
    const begun = wasBegun && isTakenAway ? ' The change that had begun is done.' : '';
    lines.push(`Data key: ${keyId} seals. ${count(values, 'value')} sealed anew.${begun}`);
    if (!isTakenAway) {
      lines.push(
        `Nothing is sealed with ${old} any more: take TWEESTAP_PREVIOUS_SECRET_KEYS away, and start every node anew.`,
      );
    } else if (keepIn === undefined) {
      lines.push(`${old} is taken out of secret.key: keep a copy of that file in another place.`);
    } else {
      lines.push(`${old} is taken out of secret.key, and kept in ${keepIn}.`);
    }
    lines.push(`Backups taken before need ${old}: take a new one (tweestap backup FILE).`);
  }
  if (signingKey !== undefined) {
    const { kid, signsFrom, withdrawn } = signingKey;
    lines.push(
      withdrawn.length > 0
        ? `Signing key: ${kid} signs, within a minute. Withdrawn: ${withdrawn.join(', ')}.`
        : `Signing key: ${kid} is published, and signs from ${signsFrom.toISOString()} on.`,
    );
  }
  return lines;
}
