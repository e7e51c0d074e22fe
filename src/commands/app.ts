/** Owns `tweestap app …`: the applications in front of which Tweestap stands. */
import {
  applicationRoles,
  type ApplicationFault,
  type ShownApplication,
} from '../applications/applications.ts';
import { builtInRequirements } from '../policies/strengths.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { table } from './words.ts';

const required = builtInRequirements.join('|');

export const appCommands: readonly Command[] = [
  {
    name: 'app add',
    does: 'Adds an application; its secret is shown once.',
    more: 'With --redirect-uri it is one that people open (OpenID Connect); with --grant client_credentials and --role a program.',
    arguments: [{ name: 'NAME' }],
    options: {
      'redirect-uri': {
        takes: 'values',
        value: 'URI',
        does: 'Where people return after signing in.',
      },
      'post-logout-redirect-uri': {
        takes: 'values',
        value: 'URI',
        does: 'Where people return after signing out.',
      },
      'backchannel-logout-uri': {
        takes: 'a value',
        value: 'URI',
        does: 'Where we tell the application that somebody signed out.',
      },
      public: {
        takes: 'nothing',
        does: 'It keeps no secret: it runs on a phone or on a desktop.',
      },
      required: {
        takes: 'a value',
        value: `${required}|STRENGTH`,
        does: "What every sign-in to it proves at least; password unless told, then the person's state decides.",
      },
      grant: {
        takes: 'a value',
        value: 'authorization_code|client_credentials',
        does: 'authorization_code unless told.',
      },
      role: { takes: 'a value', value: 'ROLE', does: 'What a program may do.' },
      api: {
        takes: 'nothing',
        does: 'It may use the API as whoever signs in to it, with the role that they have (scope api).',
      },
      ...jsonOption,
    },
    run: addApplication,
  },
  {
    name: 'app list',
    does: 'Lists the applications.',
    options: jsonOption,
    run: async (call) => {
      const { applications } = await call.installation();
      const all = await applications.list();
      if (call.flag('json')) {
        call.json(all.map(seen));
        return;
      }
      const rows = all.map((each) => [
        each.clientId,
        each.name,
        each.role ?? each.redirectUris.join(' '),
      ]);
      call.say(table(['CLIENT ID', 'NAME', 'RETURNS TO, OR ROLE'], rows));
    },
  },
  {
    name: 'app show',
    does: 'Shows an application.',
    arguments: [{ name: 'CLIENT-ID' }],
    options: jsonOption,
    run: async (call) => {
      const { applications } = await call.installation();
      const clientId = call.argument('CLIENT-ID');
      const application = await applications.show(clientId);
      if (application === undefined) throw unknown(clientId);
      if (call.flag('json')) {
        call.json(seen(application));
        return;
      }
      for (const [name, value] of Object.entries(seen(application))) {
        call.say(`${`${name}:`.padEnd(26)}${shown(value)}`);
      }
    },
  },
  {
    name: 'app remove',
    does: 'Removes an application, with everything it was granted.',
    arguments: [{ name: 'CLIENT-ID' }],
    run: async (call) => {
      const { applications } = await call.installation();
      const clientId = call.argument('CLIENT-ID');
      if (!(await applications.remove(clientId, actor))) throw unknown(clientId);
      call.say(`Removed ${clientId}.`);
    },
  },
];

async function addApplication(call: Call): Promise<void> {
  const grant = call.text('grant') ?? 'authorization_code';
  const role = call.text('role');
  const isProgram = grant === 'client_credentials';
  if (!isProgram && grant !== 'authorization_code') {
    throw new CommandFailure('--grant is authorization_code or client_credentials.', 2);
  }
  if (isProgram !== (role !== undefined)) {
    throw new CommandFailure('--grant client_credentials and --role go together.', 2);
  }
  const { applications } = await call.installation();
  const added = await applications.add(
    {
      name: call.argument('NAME'),
      redirectUris: call.texts('redirect-uri'),
      postLogoutRedirectUris: call.texts('post-logout-redirect-uri'),
      backchannelLogoutUri: call.text('backchannel-logout-uri'),
      isPublic: call.flag('public'),
      required: call.text('required'),
      role,
      api: call.flag('api'),
    },
    actor,
  );
  if (added.kind === 'refused') throw new CommandFailure(added.faults.map(told).join('; '));
  const { application, clientSecret } = added;
  if (call.flag('json')) {
    call.json({ ...seen(application), ...(clientSecret === undefined ? {} : { clientSecret }) });
    return;
  }
  call.say(`clientId:     ${application.clientId}`);
  if (clientSecret !== undefined) call.say(`clientSecret: ${clientSecret}   (shown only now)`);
}

function seen(
  application: ShownApplication,
): Readonly<Record<string, string | boolean | null | readonly string[]>> {
  return {
    clientId: application.clientId,
    name: application.name,
    redirectUris: application.redirectUris,
    postLogoutRedirectUris: application.postLogoutRedirectUris,
    backchannelLogoutUri: application.backchannelLogoutUri ?? null,
    isPublic: application.isPublic,
    grants: application.grants,
    role: application.role ?? null,
    api: application.api ?? false,
    required: application.required,
    createdAt: application.createdAt.toISOString(),
  };
}

function shown(value: string | boolean | null | readonly string[]): string {
  if (value === null || value === '') return '–';
  return typeof value === 'object' ? value.join(' ') : String(value);
}

/** `--redirect-uri http://x.example/cb is not safe: …`. */
function told({ field, reason, value }: ApplicationFault): string {
  return [typedAs[field], ...(value === undefined ? [] : [value]), faultWords[reason]].join(' ');
}

const typedAs: Readonly<Record<ApplicationFault['field'], string>> = {
  name: 'NAME',
  redirectUris: '--redirect-uri',
  postLogoutRedirectUris: '--post-logout-redirect-uri',
  backchannelLogoutUri: '--backchannel-logout-uri',
  role: '--role',
  isPublic: '--public',
  api: '--api',
  refreshes: 'staying signed in',
  required: '--required',
};

const faultWords: Readonly<Record<ApplicationFault['reason'], string>> = {
  missing: 'is missing',
  'too-long': 'is too long',
  'too-many': 'stands there too often',
  unreadable: 'has characters in it that cannot be read',
  'unknown-role': `is none of ${applicationRoles.join(', ')}`,
  'unknown-strength': `is none of ${builtInRequirements.join(', ')}, nor a strength of your own`,
  'not-for-programs': 'is nothing that a program has',
  'program-needs-secret': 'is nothing for a program, which needs a secret',
  'not-an-address': 'is no address such as https://app.example.org/callback',
  'has-extras': 'has a password, a # or a * in it',
  'not-normal': 'is not written as a browser would: small letters, no ".."',
  'not-https': 'is not safe: only https: is, but for this machine alone',
  scheme: 'does not begin with https:',
  'scheme-needs-public': 'is an address for applications without a secret (--public)',
  'port-on-loopback':
    "names a port: an application on somebody's own machine takes any, so write none",
};

function unknown(clientId: string): CommandFailure {
  return new CommandFailure(`There is no application ${clientId}.`);
}
