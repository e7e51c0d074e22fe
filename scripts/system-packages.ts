/**
 * The programs our tests hold Tweestap against that npm does not bring: a PostgreSQL server, a
 * browser, another maker's one-time codes, and systems that ask by RADIUS. Finds them; installs them
 * only where that asks nobody's permission: as root, with apt-get, and only the missing ones.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

interface SystemPackage {
  readonly name: string;
  /** What Debian calls it. */
  readonly debian: string;
  /** The variable by which the tests learn of it; an operator's own value wins. Undefined: they know. */
  readonly variable: string | undefined;
  /** The path the variable is set to; null when it is not on this machine. */
  readonly find: () => string | null;
  /** Where this is, Debian would take another program away for it: then it is not installed. */
  readonly takesPlaceOf?: string;
}

const chromium: SystemPackage = {
  name: 'Chromium',
  debian: 'chromium',
  variable: 'TWEESTAP_TEST_CHROMIUM',
  find: () => findProgram(['chromium', 'chromium-browser', 'google-chrome']),
};

const oathtool: SystemPackage = {
  name: 'oathtool',
  debian: 'oathtool',
  variable: 'TWEESTAP_TEST_OATHTOOL',
  find: () => findProgram(['oathtool']),
};

const radclient: SystemPackage = {
  name: 'radclient',
  debian: 'freeradius-utils',
  variable: 'TWEESTAP_TEST_RADCLIENT',
  find: () => findProgram(['radclient']),
};

const pamtester: SystemPackage = {
  name: 'pamtester',
  debian: 'pamtester',
  variable: 'TWEESTAP_TEST_PAMTESTER',
  find: () => findProgram(['pamtester']),
};

const pamRadius: SystemPackage = {
  name: 'pam_radius',
  debian: 'libpam-radius-auth',
  variable: 'TWEESTAP_TEST_PAM_RADIUS',
  find: () => findPamModule('pam_radius_auth.so'),
};

const postgresServer: SystemPackage = {
  name: 'PostgreSQL',
  debian: 'postgresql',
  variable: 'TWEESTAP_TEST_POSTGRES_BIN',
  find: findPostgresBin,
};

/** Programs that tests find by themselves, where Debian puts them. */
const placed = (name: string, debian: string, ...paths: readonly string[]): SystemPackage => ({
  name,
  debian,
  variable: undefined,
  find: () => (paths.every(isReadable) ? (paths[0] ?? null) : null),
});

const others: readonly SystemPackage[] = [
  placed("OpenLDAP's clients", 'ldap-utils', '/usr/bin/ldapwhoami'),
  placed('OpenLDAP', 'slapd', '/usr/sbin/slapd', '/usr/lib/ldap/ppolicy.so'),
  placed('Dovecot', 'dovecot-imapd', '/usr/lib/dovecot/imap'),
  placed('Dovecot by LDAP', 'dovecot-ldap', '/usr/lib/dovecot/modules/auth/libauthdb_ldap.so'),
  placed('Dovecot for sending', 'dovecot-submissiond', '/usr/lib/dovecot/submission'),
  {
    ...placed('Postfix', 'postfix', '/usr/sbin/postfix'),
    // Of every mail server: there is one on a machine.
    takesPlaceOf: '/usr/sbin/sendmail',
  },
  placed('swaks', 'swaks', '/usr/bin/swaks'),
  placed('Apache', 'apache2-bin', '/usr/lib/apache2/modules/mod_authnz_ldap.so'),
  placed(
    'mod_auth_openidc',
    'libapache2-mod-auth-openidc',
    '/usr/lib/apache2/modules/mod_auth_openidc.so',
  ),
  placed('Authlib', 'python3-authlib', '/usr/lib/python3/dist-packages/authlib/__init__.py'),
  placed('requests', 'python3-requests', '/usr/lib/python3/dist-packages/requests/__init__.py'),
  placed('OpenVPN', 'openvpn', '/usr/sbin/openvpn'),
  placed('nginx', 'nginx', '/usr/sbin/nginx'),
  placed('curl', 'curl', '/usr/bin/curl'),
  placed('SIPp', 'sip-tester', '/usr/bin/sipp'),
  placed('Kamailio', 'kamailio', '/usr/sbin/kamailio'),
  placed('baresip', 'baresip-core', '/usr/bin/baresip'),
  placed('eSpeak NG', 'espeak-ng', '/usr/bin/espeak-ng'),
  placed('SoX', 'sox', '/usr/bin/sox'),
  {
    name: 'Kamailio by TLS',
    debian: 'kamailio-tls-modules',
    variable: undefined,
    find: () => findKamailioModule('tls.so'),
  },
];

/**
 * The variables for what is there (or could be installed), and one sentence for each thing that is
 * not: why the tests that need it are skipped. `mayInstall` false only looks.
 */
export function provideSystemPackages(mayInstall: boolean): {
  readonly environment: Readonly<Record<string, string>>;
  readonly skipped: readonly string[];
} {
  const named = [postgresServer, chromium, oathtool, radclient, pamtester, pamRadius];
  const wanted = [...named, ...others].filter(
    ({ variable }) => variable === undefined || process.env[variable] === undefined,
  );
  const missing = wanted.filter(({ find }) => find() === null);
  const installable = missing.filter((each) => standsInTheWay(each) === undefined);
  const refusal = installable.length > 0 ? install(installable, mayInstall) : null;

  const environment: Record<string, string> = {};
  const skipped: string[] = [];
  for (const each of wanted) {
    const { name, debian, variable, find } = each;
    const path = find();
    if (path === null) {
      const other = standsInTheWay(each);
      const reason =
        other === undefined
          ? (refusal ?? `Debian's ${debian} did not bring it`)
          : `it would take the place of ${other}`;
      skipped.push(`Tests with ${name} are skipped because it is not installed: ${reason}.`);
    } else if (variable !== undefined) {
      environment[variable] = path;
    }
  }
  return { environment, skipped };
}

function standsInTheWay({ takesPlaceOf: other }: SystemPackage): string | undefined {
  return other !== undefined && isReadable(other) ? other : undefined;
}

/** Null when it worked, else the reason why it did not. */
function install(packages: readonly SystemPackage[], mayInstall: boolean): string | null {
  const names = packages.map(({ debian }) => debian);
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!mayInstall) return `"${command}" as root installs it`;
  if (findProgram(['apt-get']) === null) return 'this system has no apt-get';
  if (process.getuid?.() !== 0) return `this is not root, which could run "${command}"`;
  console.log(`Installing what the tests need: ${names.join(', ')}`);
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const { status, stderr } = spawnSync('apt-get', step, {
      encoding: 'utf8',
      // In runlevel 1 nothing is started that comes with a service: the tests start their own.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      timeout: 600_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) return `apt-get ${step[0]} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  }
  return null;
}

/** A module of Kamailio; Debian keeps them in a folder for each architecture. */
function findKamailioModule(name: string): string | null {
  const folders = readFolder('/usr/lib').map((folder) => join('/usr/lib', folder));
  return folders.map((folder) => join(folder, 'kamailio/modules', name)).find(isReadable) ?? null;
}

/** A module of PAM; Debian keeps them in a folder for each architecture. */
function findPamModule(name: string): string | null {
  const folders = ['/lib', ...readFolder('/lib').map((folder) => join('/lib', folder))];
  return folders.map((folder) => join(folder, 'security', name)).find(isReadable) ?? null;
}

/** The folder of initdb and postgres. Debian keeps them off the PATH, a folder for each version. */
function findPostgresBin(): string | null {
  const byVersion = '/usr/lib/postgresql';
  const versions = readFolder(byVersion).toSorted((a, b) => Number(b) - Number(a));
  const folders = versions.map((version) => join(byVersion, version, 'bin'));
  const complete = folders.find((folder) =>
    ['initdb', 'postgres'].every((program) => isExecutable(join(folder, program))),
  );
  if (complete !== undefined) return complete;
  const initdb = findProgram(['initdb']);
  return initdb === null ? null : dirname(initdb);
}

function findProgram(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
