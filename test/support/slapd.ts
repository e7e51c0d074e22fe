/**
 * Debian's OpenLDAP as the directory of an organisation: people and groups, a password policy, by LDAP with
 * StartTLS and by LDAPS, on free ports, as whoever runs the tests.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { makeCertificate } from '../../src/lib/self-signed-certificate.ts';
import {
  freePort,
  newWorkshop,
  runProgram,
  startProgram,
  withoutFiles,
  type RunningProgram,
} from './programs.ts';

const base = 'dc=voorbeeld,dc=example';

/** Why tests with it are skipped; false where it is there. */
export const withoutSlapd = withoutFiles('/usr/sbin/slapd', '/usr/lib/ldap/ppolicy.so');

/** Somebody in it, at `uid=<uid>,ou=people,dc=voorbeeld,dc=example`. */
export interface SlapdPerson {
  readonly uid: string;
  readonly password: string;
  /** Further lines of the entry, in LDIF. */
  readonly more?: readonly string[];
}

export interface Slapd {
  readonly base: string;
  /** LDAP with StartTLS. */
  readonly port: number;
  readonly tlsPort: number;
  /** A file with the authority (PEM) of its certificate, which is for localhost and 127.0.0.1. */
  readonly authorityFile: string;
  /** Who may do everything. */
  readonly rootDn: string;
  readonly rootPassword: string;
  /** Changes entries as its administrator (LDIF). Fails with what OpenLDAP's client says. */
  modify(ldif: string): Promise<void>;
  /** The values of an attribute of an entry, as its administrator reads them. */
  valuesOf(dn: string, attribute: string): Promise<readonly string[]>;
  /** The settings of `upstream` for it, by LDAPS, as somebody who may read all but passwords, and set these. */
  readonly settings: {
    readonly urls: string[];
    readonly bindDn: string;
    readonly bindPassword: string;
    readonly baseDn: string;
    readonly caFile: string;
  };
  /** Ends the server; the data stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it, and removes everything. */
  remove(): Promise<void>;
}

export const dnOf = (uid: string): string => `uid=${uid},ou=people,${base}`;

/** Starts it with these people; `groups` are groupOfNames below `ou=groups`, by name. */
export async function startSlapd(options: {
  readonly people: readonly SlapdPerson[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Whom its certificate is for. */
  readonly host?: string;
}): Promise<Slapd> {
  const workshop = newWorkshop();
  const { host } = options;
  const certificate = makeCertificate({
    hosts: host === undefined ? ['localhost', '127.0.0.1'] : [host],
    now: new Date(),
    days: 2,
  });
  const rootPassword = 'the-root-of-all';
  const servicePassword = 'only reads, and sets passwords';
  const rootDn = `cn=root,${base}`;
  const serviceDn = `cn=tweestap,ou=services,${base}`;
  mkdirSync(join(workshop.folder, 'db'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const authorityFile = workshop.write('authority.pem', certificate.authority);
  const conf = workshop.write(
    'slapd.conf',
    [
      ...['core', 'cosine', 'inetorgperson'].map(
        (name) => `include /etc/ldap/schema/${name}.schema`,
      ),
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      'moduleload memberof',
      'moduleload ppolicy',
      `pidfile ${workshop.folder}/pid`,
      `TLSCertificateFile ${workshop.write('certificate.pem', certificate.certificate)}`,
      `TLSCertificateKeyFile ${workshop.write('key.pem', certificate.key)}`,
      'threads 4',
      // A page of people is less than that: without paging nobody gets them all.
      'sizelimit size.soft=50 size.hard=50 size.prtotal=unlimited',
      'password-hash {SSHA}',
      'database mdb',
      'maxsize 67108864',
      `suffix "${base}"`,
      `rootdn "${rootDn}"`,
      `rootpw ${rootPassword}`,
      `directory ${workshop.folder}/db`,
      'index uid,entryUUID eq',
      'overlay memberof',
      'overlay ppolicy',
      `ppolicy_default "cn=policy,${base}"`,
      'ppolicy_use_lockout',
      `access to attrs=userPassword by dn.exact="${serviceDn}" write by anonymous auth by * none`,
      `access to * by dn.exact="${serviceDn}" read by * none`,
      '',
    ].join('\n'),
  );
  const ldif = workshop.write(
    'init.ldif',
    [
      `dn: ${base}\nobjectClass: organization\nobjectClass: dcObject\no: Voorbeeld\ndc: voorbeeld\n`,
      ...['people', 'groups', 'services', 'left'].map(
        (name) => `dn: ou=${name},${base}\nobjectClass: organizationalUnit\nou: ${name}\n`,
      ),
      `dn: ${serviceDn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: tweestap\nuserPassword: ${servicePassword}\n`,
      [
        `dn: cn=policy,${base}`,
        'objectClass: pwdPolicy',
        'objectClass: organizationalRole',
        'cn: policy',
        'pwdAttribute: userPassword',
        'pwdMustChange: TRUE',
        'pwdLockout: TRUE',
        'pwdMaxFailure: 20',
        'pwdLockoutDuration: 0',
        'pwdInHistory: 3',
        'pwdCheckQuality: 1',
        'pwdMinLength: 8',
        'pwdSafeModify: FALSE',
        'pwdAllowUserChange: TRUE',
        '',
      ].join('\n'),
      ...options.people.map(({ uid, password, more = [] }) =>
        [
          `dn: ${dnOf(uid)}`,
          'objectClass: inetOrgPerson',
          `uid: ${uid}`,
          ...(more.some((line) => line.startsWith('cn: ')) ? [] : [`cn: ${uid}`]),
          `sn: ${uid}`,
          ...(more.some((line) => line.startsWith('mail: '))
            ? []
            : [`mail: ${uid}@voorbeeld.example`]),
          `userPassword: ${password}`,
          ...more,
          '',
        ].join('\n'),
      ),
    ].join('\n'),
  );
  const added = await runProgram(['/usr/sbin/slapadd', '-q', '-f', conf, '-l', ldif]);
  if (added.code !== 0) throw new Error(added.output);
  let running: RunningProgram | undefined;
  const start = async (): Promise<void> => {
    const listening = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`;
    running = await startProgram(['/usr/sbin/slapd', '-d', '0', '-f', conf, '-h', listening], port);
  };
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  const modify = async (changes: string): Promise<void> => {
    const file = workshop.write('changes.ldif', changes);
    const signedIn = ['-x', '-H', `ldap://127.0.0.1:${port}`, '-D', rootDn, '-w', rootPassword];
    const done = await runProgram(['ldapmodify', ...signedIn, '-f', file]);
    if (done.code !== 0) throw new Error(done.output);
  };
  const valuesOf = async (dn: string, attribute: string): Promise<readonly string[]> => {
    const signedIn = ['-x', '-H', `ldap://127.0.0.1:${port}`, '-D', rootDn, '-w', rootPassword];
    const asked = ['-LLL', '-o', 'ldif-wrap=no', '-b', dn, '-s', 'base', attribute];
    const { output } = await runProgram(['ldapsearch', ...signedIn, ...asked]);
    const beginning = `${attribute}: `;
    return output
      .split('\n')
      .filter((line) => line.startsWith(beginning))
      .map((line) => line.slice(beginning.length));
  };
  await start();
  // By the server, so that its overlay writes memberOf.
  for (const [name, uids] of Object.entries(options.groups ?? {})) {
    const members = uids.map((uid) => `member: ${dnOf(uid)}\n`).join('');
    await modify(
      `dn: cn=${name},ou=groups,${base}\nchangetype: add\nobjectClass: groupOfNames\ncn: ${name}\n${members}`,
    );
  }
  return {
    base,
    port,
    tlsPort,
    authorityFile,
    rootDn,
    rootPassword,
    modify,
    valuesOf,
    settings: {
      urls: [`ldaps://localhost:${tlsPort}`],
      bindDn: serviceDn,
      bindPassword: servicePassword,
      baseDn: base,
      caFile: authorityFile,
    },
    start,
    stop,
    remove: async () => {
      await stop();
      workshop.remove();
    },
  };
}
