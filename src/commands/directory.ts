/** Owns `tweestap directory …`: the organisation's own directory, and the synchronisation with it. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { UpstreamSettings } from '../accounts/upstream/settings.ts';
import type { DirectoryChange } from '../administration/directory/changes.ts';
import type { DirectorySync, LookedAtSync } from '../administration/directory/directory.ts';
import type {
  FinishedSync,
  KnownEntry,
  SyncCounts,
} from '../administration/directory/sync-store.ts';
import type { Settings } from '../config.ts';
import { directorySource, probeDirectory } from '../installation/directory-source.ts';
import type { Installation } from '../installation/installation.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { count, table } from './words.ts';

const user = { name: 'USER' };

export const directoryCommands: readonly Command[] = [
  {
    name: 'directory show',
    does: 'Shows what is configured, what came of the last synchronisation, and what is in conflict.',
    options: {
      all: { takes: 'nothing', does: 'Shows every conflict, instead of the first 50.' },
      ...jsonOption,
    },
    run: show,
  },
  {
    name: 'directory test',
    does: 'Connects to the directory, signs in, and counts the people and groups in it.',
    run: test,
  },
  {
    name: 'directory sync',
    does: 'Synchronises people and groups now, and waits until it is done.',
    more: [
      'Where more accounts would be switched off than the settings allow at once, none is. Look at them with',
      '--dry-run; if these people really left, --confirm switches off as many as the last one named.',
    ].join('\n'),
    options: {
      'dry-run': { takes: 'nothing', does: 'Says what would change, and changes nothing.' },
      confirm: { takes: 'nothing', does: 'Switches off those who are too many at once.' },
      ...jsonOption,
    },
    run: synchronise,
  },
  {
    name: 'directory link',
    does: 'Gives an account that was made here to the person of that name in the directory.',
    more: 'The password that it had here is worth nothing from then on. They are signed out and told by mail.',
    arguments: [user],
    run: async (call) => {
      const { sync, installation } = await opened(call);
      const found = await accountOf(call, installation);
      const entry = await sync.inConflict(found.name);
      if (entry === undefined || !(await sync.link(found.id, entry.id, actor))) {
        throw new CommandFailure(
          `The last synchronisation found nobody in the directory who is in conflict with ${found.name}.`,
        );
      }
      call.say(`${found.name} is ${entry.dn} in the directory now.`);
    },
  },
  {
    name: 'directory unlink',
    does: 'Takes an account back from the directory.',
    more: 'It keeps everything but a password: set one with tweestap user set-password.',
    arguments: [user],
    run: async (call) => {
      const { sync, installation } = await opened(call);
      const found = await accountOf(call, installation);
      if (!(await sync.unlink(found.id, actor))) {
        throw new CommandFailure(`${found.name} does not belong to the directory.`);
      }
      call.say(`${found.name} was made here from now on. It has no password yet.`);
    },
  },
  {
    name: 'directory link-group',
    does: 'Lets a group of the directory be the one of this name that was here before.',
    more: 'Whoever is in it there is in it here from the next synchronisation on, with all that is decided for it.',
    arguments: [{ name: 'GROUP' }],
    run: async (call) => {
      const { sync } = await opened(call);
      const name = call.argument('GROUP');
      if (!(await sync.linkGroup(name, actor))) {
        throw new CommandFailure(`No group ${name} of the directory is in conflict with one here.`);
      }
      call.say(`${name} is a group of the directory now.`);
    },
  },
];

const nowhere =
  'No directory is configured: TWEESTAP_UPSTREAM_URL names none (docs/connecting/directory.md).';

async function opened(
  call: Call,
): Promise<{ readonly sync: DirectorySync; readonly installation: Installation }> {
  requireConfigured(call.settings('command'));
  const installation = await call.installation();
  const { directorySync: sync } = installation;
  if (sync === undefined) throw new CommandFailure(nowhere);
  return { sync, installation };
}

function requireConfigured({ upstream }: Settings): UpstreamSettings {
  if (upstream === undefined) throw new CommandFailure(nowhere);
  return upstream;
}

async function accountOf(
  call: Call,
  { administration }: Installation,
): Promise<{ readonly id: string; readonly name: string }> {
  const typed = call.argument('USER');
  const found = await administration.find(typed);
  if (found === undefined) throw new CommandFailure(`There is no user ${typed}.`);
  return { id: found.id, name: found.userPrincipalName };
}

/** So many conflicts are shown unless all are asked for; JSON holds them all. */
const usuallyShown = 50;
/** So many are read at a time. */
const pageLength = 500;

async function troubledOf(sync: DirectorySync, isWhole: boolean): Promise<readonly KnownEntry[]> {
  const found: KnownEntry[] = [];
  for (;;) {
    const limit = isWhole ? pageLength : usuallyShown;
    const page = await sync.troubled({ after: found.at(-1), limit });
    found.push(...page);
    if (!isWhole || page.length < limit) return found;
  }
}

async function show(call: Call): Promise<void> {
  const { urls, kind, baseDn } = requireConfigured(call.settings('command'));
  const { sync } = await opened(call);
  const looked = await sync.look();
  const troubled = await troubledOf(sync, call.flag('all') || call.flag('json'));
  const { state, accounts, isRunning, rules, groupConflicts } = looked;
  if (call.flag('json')) {
    call.json({
      urls,
      kind,
      baseDn,
      accounts,
      isRunning,
      minutes: rules.minutes,
      dueAt: state?.dueAt,
      succeededAt: state?.succeededAt,
      last: state?.last,
      conflicts: troubled.map(({ name, conflict, issues }) => ({ name, conflict, issues })),
      groupConflicts: groupConflicts.map(({ told, name, conflict }) => ({ told, name, conflict })),
    });
    return;
  }
  call.say(`Directory:  ${urls.join(', ')} (${kind})`);
  call.say(`People:     below ${baseDn}`);
  call.say(`Accounts:   ${accounts} may sign in`);
  call.say(`Last:       ${state?.last === undefined ? 'never' : outcomeOf(state.last)}`);
  if (state?.last?.end.kind === 'held') {
    const { disabling, of } = state.last.end;
    call.say(
      `            Nobody was switched off: it would have been ${disabling} of ${of} accounts at once.`,
    );
    call.say('            If that is right: tweestap directory sync --confirm');
  }
  if (state?.succeededAt !== undefined) {
    call.say(`Read whole: ${state.succeededAt.toISOString()}`);
  }
  call.say(`Next:       ${nextOf(looked)}`);
  if (troubled.length > 0) {
    call.say();
    call.say(table(['NAME', 'WHAT IS WRONG'], troubled.map(troubleRow)));
    if (looked.troubled > troubled.length) {
      call.say(`… and ${looked.troubled - troubled.length} more: --all`);
    }
  }
  if (groupConflicts.length > 0) {
    call.say();
    call.say(
      table(
        ['GROUP', 'WHAT IS WRONG'],
        groupConflicts.map(({ told, conflict = 'local' }) => [told, groupTroubles[conflict]]),
      ),
    );
  }
}

function nextOf({ isRunning, rules, state }: LookedAtSync): string {
  if (isRunning) return 'one is under way';
  if (rules.minutes === 0 && state?.asked === undefined) return 'when somebody asks';
  return state === undefined ? 'once the service runs' : state.dueAt.toISOString();
}

const troubles = {
  'no-name': 'has no user name: nobody can sign in without',
  'not-a-name': 'has a user name that nobody can sign in with',
  'mixed-scripts': 'has a user name of letters that look like others',
  taken: 'has the user name of somebody else in the directory',
  local: 'has the user name of an account that was made here: tweestap directory link',
  role: 'has the user name of an account with a role: tweestap directory link',
} as const;

const groupTroubles = {
  'not-a-name': 'cannot be the name of a group: too long, or with a comma or semicolon',
  taken: 'has the name of another group of the directory',
  local: 'was here before, or something is decided for it: tweestap directory link-group',
  named: 'was renamed, and keeps its old name: something is decided for that',
} as const;

const issueNames = {
  displayName: 'the name',
  mail: 'the mailbox',
  mobilePhone: 'the mobile phone',
  businessPhone: 'the office phone',
  'too-many-groups': 'more than 50 groups',
} as const;

function troubleRow({ name, conflict, issues }: KnownEntry): readonly string[] {
  const left = issues.map((issue) => issueNames[issue]);
  return [
    name,
    [
      ...(conflict === undefined ? [] : [troubles[conflict]]),
      ...(left.length === 0 ? [] : [`cannot be used: ${left.join(', ')}`]),
    ].join('; '),
  ];
}

async function test(call: Call): Promise<void> {
  const settings = requireConfigured(call.settings('command'));
  await probeDirectory(settings);
  call.say(`Signed in to ${settings.urls.join(', ')} as ${settings.bindDn}.`);
  const source = directorySource(settings);
  let people = 0;
  let disabled = 0;
  let nameless = 0;
  for await (const person of source.people()) {
    people += 1;
    if (!person.enabled) disabled += 1;
    if ((person.userPrincipalName ?? '') === '') nameless += 1;
  }
  let groups = 0;
  let members = 0;
  for await (const group of source.groups()) {
    groups += 1;
    members += group.members.length + group.memberNames.length;
  }
  call.say(`People below ${settings.baseDn}: ${people}`);
  call.say(`  ${disabled} of them disabled there, ${nameless} without a user name`);
  call.say(`Groups: ${groups}, with ${count(members, 'member')}`);
}

async function synchronise(call: Call): Promise<void> {
  const { sync, installation } = await opened(call);
  if (call.flag('dry-run')) return dryRun(call, sync);
  const { state } = await sync.look();
  const end = state?.last?.end;
  if (call.flag('confirm') && end?.kind !== 'held') {
    throw new CommandFailure(
      'There is nothing to confirm: the last one switched off whom it had to.',
    );
  }
  const confirms = call.flag('confirm') && end?.kind === 'held' ? end.disabling : undefined;
  const askedAt = installation.clock.now();
  if (!(await sync.ask(actor, { confirms }))) {
    throw new CommandFailure('A synchronisation is under way already: tweestap directory show');
  }
  const done = await finished(sync, askedAt);
  if (call.flag('json')) call.json(done);
  else call.say(outcomeOf(done));
  if (done.end.kind === 'held') {
    throw new CommandFailure(
      `Nobody was switched off: it would have been ${done.end.disabling} of ${done.end.of} accounts at once. See tweestap directory sync --help.`,
    );
  }
  if (done.end.kind === 'failed') {
    throw new CommandFailure(`The directory could not be read to its end. ${done.end.reason}`);
  }
}

/** Does it here, unless a server that runs was faster; resolves once it is over. */
async function finished(sync: DirectorySync, askedAt: Date): Promise<FinishedSync> {
  for (;;) {
    await sync.work();
    const { state, isRunning } = await sync.look();
    const last = state?.last;
    if (!isRunning && last !== undefined && last.finishedAt >= askedAt) return last;
    await sleep(200);
  }
}

async function dryRun(call: Call, sync: DirectorySync): Promise<void> {
  let all = 0;
  const kinds = new Map<string, number>();
  const json: unknown[] = [];
  for await (const { name, changes } of sync.plan()) {
    all += 1;
    for (const { kind } of changes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (call.flag('json')) json.push({ name, changes });
    else call.say(`${name}: ${changes.map(changeText).join('; ')}`);
  }
  if (call.flag('json')) {
    call.json(json);
    return;
  }
  const sums = [...kinds].map(([kind, number]) => `${kind} ${number}`);
  call.say(all === 0 ? 'Nothing would change.' : `${count(all, 'account')}: ${sums.join(', ')}`);
}

function changeText(change: DirectoryChange): string {
  switch (change.kind) {
    case 'add':
      return 'is added';
    case 'link':
      return 'is given to the directory';
    case 'move':
      return 'stands elsewhere in the directory';
    case 'rename':
      return `is renamed from ${change.from}`;
    case 'change':
      return `changes ${change.fields.join(', ')}`;
    case 'groups':
      return [
        ...(change.join.length === 0 ? [] : [`joins ${change.join.join(', ')}`]),
        ...(change.leave.length === 0 ? [] : [`leaves ${change.leave.join(', ')}`]),
      ].join(', ');
    case 'enable':
      return 'is switched on';
    case 'disable':
      return change.why === 'gone'
        ? 'is switched off: not in the directory any more'
        : 'is switched off: disabled in the directory';
    case 'conflict':
      return `conflict: ${troubles[change.reason]}`;
  }
}

function outcomeOf({ finishedAt, counts, end }: FinishedSync): string {
  const ends = { done: 'done', held: 'held', failed: 'failed' } as const;
  return `${finishedAt.toISOString()} ${ends[end.kind]}: ${countsText(counts)}`;
}

function countsText({ read, added, linked, changed, enabled, disabled }: SyncCounts): string {
  return [
    `${read} read`,
    `${added} added`,
    ...(linked === 0 ? [] : [`${linked} given to the directory`]),
    `${changed} changed`,
    ...(enabled === 0 ? [] : [`${enabled} switched on`]),
    `${disabled} switched off`,
  ].join(', ');
}
