/**
 * Binds by LDAP with an app password, each in the audit log and on the disk before it is answered,
 * beside Debian's slapd, which reads from memory and writes nothing. Both are asked by the harness's own
 * client, on connections that stay open, in one rotation.
 *
 *   npx node bench/ldap.ts [--rounds 8] [--seconds 2] [--people 500]
 *
 * It needs Debian's packages `slapd` and `slapd-contrib`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { hash } from '@node-rs/argon2';

import { treeOf } from '../src/protocols/ldap/tree.ts';
import { addUser } from '../test/support/people.ts';
import { newFolder, openPlace } from '../test/support/tweestap.ts';
import { argument, report } from './figures.ts';
import { loadHarness, type Case, type Served } from './harness.ts';
import { freePort } from './tweestap.ts';

const rounds = argument('rounds', 8);
const seconds = argument('seconds', 2);
const people = argument('people', 500);

/** Somebody who binds. */
interface Person {
  readonly dn: string;
  readonly password: string;
}

/** The harness's client: resolves to the result code. */
interface Client {
  bind(dn: string, password: string): Promise<number>;
  close(): void;
}

const harness = await loadHarness();
const { LdapClient }: { readonly LdapClient: new (port: number) => Client } = await import(
  pathToFileURL(`${harness.folder}/lib/ldap.mjs`).href
);
const { closedLoop, interleaved, ratio, printTable } = harness;

const tweestap = await startTweestap();
const slapd = await startSlapd();

function binds(name: string, inFlight: number, server: Server, persons: readonly Person[]): Case {
  const clients = Array.from({ length: inFlight }, () => new LdapClient(server.port));
  let next = 0;
  return {
    name: `${name}, ${inFlight} in flight`,
    run: () =>
      closedLoop({
        concurrency: inFlight,
        seconds,
        warmup: 0.3,
        pids: [server.served.pid],
        step: async (worker) => {
          const person = persons[(next += 1) % persons.length];
          const client = clients[worker];
          if (person === undefined || client === undefined) throw new Error('nobody is there');
          const code = await client.bind(person.dn, person.password);
          if (code !== 0) throw new Error(`result ${code}`);
        },
      }),
  };
}

const ours = [1, 8, 32].map((count) => binds('Tweestap', count, tweestap, tweestap.people));
const theirs = [1, 8, 32].map((count) => binds('slapd {SSHA}', count, slapd, slapd.people));
const slow = binds('slapd {ARGON2}', 8, slapd, slapd.slowPeople);
// Node makes fast what is done often.
for (const one of ours) await one.run(0);
const table = await interleaved([...ours, ...theirs, slow], { rounds, log: false });
printTable(table);

const beside = (index: number, measure: 'perSec' | 'p99' | 'serverCpuMsPerOp') =>
  ratio(table, ours[index]?.name ?? '', theirs[index]?.name ?? '', measure);
const unit = '× slapd {SSHA}';
report(
  'ldap',
  [
    { claim: 'binds, 8 in flight', unit, found: beside(1, 'perSec'), atLeast: 0.5 },
    { claim: 'binds, 1 in flight', unit, found: beside(0, 'perSec') },
    { claim: 'binds, 32 in flight', unit, found: beside(2, 'perSec') },
    { claim: 'p99, 8 in flight', unit, found: beside(1, 'p99') },
    { claim: 'CPU of a bind, 8 in flight', unit, found: beside(1, 'serverCpuMsPerOp') },
    {
      claim: 'binds, 8 in flight',
      unit: '× slapd {ARGON2}',
      found: ratio(table, ours[1]?.name ?? '', slow.name, 'perSec'),
      atLeast: 50,
    },
  ],
  table,
);
await Promise.all([tweestap.stop(), slapd.stop()]);
process.exit();

interface Server {
  readonly served: Served;
  readonly port: number;
  readonly people: readonly Person[];
  stop(): Promise<void>;
}

/** The service as its users start it, with people who have an app password each. */
async function startTweestap(): Promise<Server> {
  const place = newFolder();
  const installation = await openPlace(place);
  await installation.policies.change((policy) => ({
    ...policy,
    organisation: { ...policy.organisation, domain: 'voorbeeld.example' },
    appPasswords: { allowed: true },
  }));
  const { personDn } = treeOf('voorbeeld.example');
  const persons: Person[] = [];
  for (let index = 0; index < people; index += 1) {
    const user = await addUser({ installation }, []);
    const made = await installation.appPasswords.make(installation.database.stores, {
      userId: user.id,
      name: 'Mail',
      expiryDays: 90,
    });
    if (made.kind !== 'made') throw new Error('there is no place for an app password');
    persons.push({ dn: personDn(user.userPrincipalName), password: made.plain });
  }
  await installation.close();
  const port = await freePort();
  const launcher = fileURLToPath(new URL('../bin/tweestap.js', import.meta.url));
  // The log goes where a service's log goes: not to this process, which has to measure.
  const line = `exec "$@" 2>>'${join(place.dataFolder, 'log')}'`;
  const served = await harness.serve(
    'sh',
    ['-c', line, 'sh', process.execPath, launcher, 'start'],
    {
      env: {
        ...place.environment,
        TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
        TWEESTAP_HTTP_PORT: '0',
        TWEESTAP_LDAP_PORT: String(port),
        npm_lifecycle_event: '',
      },
    },
  );
  const stop = async (): Promise<void> => {
    await served.stop();
    await place.remove();
  };
  return { served, port, people: persons, stop };
}

/** slapd with as many people, in memory; some have a hash of the sort that people's passwords have. */
async function startSlapd(): Promise<Server & { readonly slowPeople: readonly Person[] }> {
  if (!existsSync('/usr/sbin/slapd')) throw new Error('There is no slapd: apt-get install slapd');
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-bench-slapd-'));
  mkdirSync(join(folder, 'db'));
  const password = 'hunter2hunter2';
  const port = await freePort();
  const schemas = ['core', 'cosine', 'inetorgperson'];
  const conf = join(folder, 'slapd.conf');
  writeFileSync(
    conf,
    [
      ...schemas.map((name) => `include /etc/ldap/schema/${name}.schema`),
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      'moduleload argon2 p=1 m=19456 t=2',
      `pidfile ${folder}/pid`,
      'threads 8',
      'database mdb',
      'maxsize 268435456',
      'suffix "dc=perf"',
      'rootdn "cn=admin,dc=perf"',
      `directory ${folder}/db`,
      'index uid eq',
      '',
    ].join('\n'),
  );
  const salted = (): string => {
    const salt = randomBytes(8);
    const digest = createHash('sha1').update(password).update(salt).digest();
    return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
  };
  const slow = `{ARGON2}${await hash(password, {
    algorithm: 2,
    memoryCost: 19_456,
    timeCost: 2,
    parallelism: 1,
  })}`;
  const entry = (uid: string, secret: string): string =>
    `dn: uid=${uid},dc=perf\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: u\nsn: u\nuserPassword: ${secret}\n`;
  const of = (letter: string): readonly Person[] =>
    Array.from({ length: people }, (_, index) => ({
      dn: `uid=${letter}${index},dc=perf`,
      password,
    }));
  const ldif = join(folder, 'init.ldif');
  writeFileSync(
    ldif,
    [
      'dn: dc=perf\nobjectClass: organization\nobjectClass: dcObject\no: perf\ndc: perf\n',
      ...Array.from({ length: people }, (_, index) => entry(`s${index}`, salted())),
      ...Array.from({ length: people }, (_, index) => entry(`a${index}`, slow)),
    ].join('\n'),
  );
  const added = spawnSync('/usr/sbin/slapadd', ['-q', '-f', conf, '-l', ldif]);
  if (added.status !== 0) throw new Error(added.stderr.toString('utf8'));
  // It says nothing; a shell says for it when it answers.
  const command = `/usr/sbin/slapd -d 0 -f '${conf}' -h ldap://127.0.0.1:${port} & pid=$!
trap 'kill $pid; wait $pid; exit 0' TERM
until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.05; done
echo "ready $pid"; wait $pid`;
  const shell = await harness.serve('bash', ['-c', command]);
  const pid = Number(/ready (\d+)/.exec(shell.output())?.[1]);
  const served: Served = { ...shell, pid, output: shell.output };
  const stop = async (): Promise<void> => {
    await shell.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { served, port, people: of('s'), slowPeople: of('a'), stop };
}
