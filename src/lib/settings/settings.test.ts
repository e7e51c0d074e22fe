import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { z } from 'zod';

import { settingsOf } from './setting.ts';
import { load, type Environment, type LoadOptions } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string): string {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const schema = z.object({
  http: z
    .object({
      port: z.int().min(1).max(65535).default(8080).meta({ env: 'SHOP_HTTP_PORT' }),
      host: z.string().default('127.0.0.1').describe('Where to listen.').meta({ env: 'SHOP_HOST' }),
      proxies: z.array(z.string()).default([]).meta({ env: 'SHOP_PROXIES' }),
      secure: z.boolean().default(true).meta({ env: 'SHOP_SECURE' }),
    })
    .prefault({}),
  database: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('sqlite'), file: z.string().meta({ env: 'SHOP_FILE' }) }),
    z.object({
      kind: z.literal('postgres'),
      url: z.string().min(10).meta({ env: 'SHOP_URL', secret: true }),
    }),
  ]),
  key: z
    .string()
    .refine((text) => text.length >= 8, { error: ({ input }) => `Too short: ${String(input)}` })
    .meta({ env: 'SHOP_KEY', secret: true })
    .optional(),
  limits: z.record(z.string(), z.object({ perHour: z.number() })).default({}),
  mode: z.enum(['calm', 'brisk']).default('calm').meta({ env: 'SHOP_MODE', attention: 'Choose.' }),
});

function read(yaml: string, environment: Environment = {}, more: LoadOptions = {}) {
  return load(schema, { file: file(yaml), environment, ...more });
}

const sqlite = 'database: { kind: sqlite, file: a.db }\n';

describe('settings', () => {
  it('come from the file, and what is not said has its default', () => {
    const { settings, faults } = read(`${sqlite}http: { port: 9000 }`);
    assert.deepEqual(faults, []);
    assert.deepEqual(settings, {
      http: { port: 9000, host: '127.0.0.1', proxies: [], secure: true },
      database: { kind: 'sqlite', file: 'a.db' },
      limits: {},
      mode: 'calm',
    });
  });

  it('can be given without a file', () => {
    const { settings } = load(z.object({ port: z.int().meta({ env: 'SHOP_PORT' }) }), {
      environment: { SHOP_PORT: '80' },
    });
    assert.deepEqual(settings, { port: 80 });
  });

  it('from the environment win over the file, and are read as what they should be', () => {
    const { settings } = read(`${sqlite}http: { port: 9000, host: from.file }`, {
      SHOP_HTTP_PORT: '9443',
      SHOP_PROXIES: '10.0.0.0/8, ::1',
      SHOP_SECURE: 'no',
      SHOP_FILE: 'b.db',
      SHOP_HOST: '',
    });
    assert.deepEqual(settings?.http, {
      port: 9443,
      host: 'from.file',
      proxies: ['10.0.0.0/8', '::1'],
      secure: false,
    });
    assert.deepEqual(settings?.database, { kind: 'sqlite', file: 'b.db' });
  });

  it('tell everything that is wrong at once', () => {
    const yaml = `
http: { port: 99999, hots: x, secure: maybe }
database: { kind: sqlite }
limits: { texts: { perHour: many } }
`;
    const { settings, faults } = read(yaml);
    assert.equal(settings, undefined);
    assert.deepEqual(faults.map(({ path }) => path).toSorted(), [
      'database.file',
      'http.hots',
      'http.port',
      'http.secure',
      'limits.texts.perHour',
    ]);
    assert.deepEqual(
      faults.find(({ path }) => path === 'http.hots'),
      { path: 'http.hots', message: 'There is no such setting. Did you mean http.host?' },
    );
    assert.equal(
      faults.find(({ path }) => path === 'database.file')?.message,
      'It is missing (or set SHOP_FILE).',
    );
  });

  it('name the variable that is wrong', () => {
    const { faults } = read(sqlite, { SHOP_HTTP_PORT: 'eighty' });
    assert.equal(faults.length, 1);
    assert.equal(faults[0]?.path, 'http.port');
    assert.match(faults[0]?.message ?? '', /number.*\(SHOP_HTTP_PORT\)/);
  });

  it('take a secret from a file', () => {
    const secret = file('postgres://user:geheim@db/shop\n');
    const { settings } = read('database: { kind: postgres }', { SHOP_URL_FILE: secret });
    assert.deepEqual(settings?.database, {
      kind: 'postgres',
      url: 'postgres://user:geheim@db/shop',
    });
  });

  it('take nothing but a secret from a file', () => {
    const { settings, warnings } = read(sqlite, { SHOP_HOST_FILE: file('elsewhere') });
    assert.equal(settings?.http.host, '127.0.0.1');
    assert.ok(warnings.some(({ path }) => path === 'SHOP_HOST_FILE'));
  });

  it('say when the file of a secret cannot be used', () => {
    const missing = read(sqlite, { SHOP_KEY_FILE: join(folder, 'missing') }).faults;
    assert.deepEqual(missing, [
      { path: 'key', message: 'The file named by SHOP_KEY_FILE cannot be read (ENOENT).' },
    ]);
    const empty = read(sqlite, { SHOP_KEY_FILE: file('\n') }).faults;
    assert.deepEqual(empty, [
      { path: 'key', message: 'The file named by SHOP_KEY_FILE is empty.' },
    ]);
    const both = read(sqlite, { SHOP_KEY: 'long enough', SHOP_KEY_FILE: file('x') }).faults;
    assert.deepEqual(both, [{ path: 'key', message: 'SHOP_KEY and SHOP_KEY_FILE are both set.' }]);
  });

  it('never repeat a secret in what they say', () => {
    const said = [
      read(`${sqlite}key: hunter2`),
      read(sqlite, { SHOP_KEY: 'hunter2' }),
      read(sqlite, { SHOP_KEY_FILE: file('hunter2') }),
      read('database: { kind: postgres, url: hunter2 }'),
      read(`${sqlite}key: "hunter2\nhttp: [`),
      read(`${sqlite}key: *hunter2`),
      read('database: { kind: postgres, url: { hunter2: hunter2 } }'),
    ];
    for (const { settings, faults } of said) {
      assert.equal(settings, undefined);
      assert.ok(faults.length > 0);
      const messages = faults.map(({ message }) => message).join();
      assert.doesNotMatch(messages, /hunter2/);
    }
  });

  it('name each setting that is missing, not only the group it is in', () => {
    const group = z.object({
      mail: z.object({ host: z.string().meta({ env: 'SHOP_MAIL' }), port: z.int().default(25) }),
    });
    assert.deepEqual(load(group, { environment: {} }).faults, [
      { path: 'mail.host', message: 'It is missing (or set SHOP_MAIL).' },
    ]);
    const { settings } = load(group, { environment: { SHOP_MAIL: 'localhost' } });
    assert.deepEqual(settings, { mail: { host: 'localhost', port: 25 } });
  });

  it('say where the file is not YAML', () => {
    const path = file('http:\n  port: 1\n port: 2\n');
    const { faults } = load(schema, { file: path, environment: {} });
    assert.match(faults[0]?.message ?? '', new RegExp(`^${path}:3:\\d+ is not YAML`));
  });

  it('say that there is no file', () => {
    const path = join(folder, 'none.yaml');
    const { faults } = load(schema, { file: path, environment: {} });
    assert.deepEqual(faults[0], { path: '', message: `${path} cannot be read (ENOENT).` });
  });

  it('refuse a file that is a list, or a bomb', () => {
    assert.match(read('- a\n- b').faults[0]?.message ?? '', /does not begin with names/);
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let depth = 1; depth < 10; depth += 1) {
      const before = Array.from({ length: 10 }, () => `*a${depth - 1}`).join(',');
      bomb.push(`a${depth}: &a${depth} [${before}]`);
    }
    assert.match(read(bomb.join('\n')).faults[0]?.message ?? '', /too often/);
  });

  it('cannot reach the prototype of anything', () => {
    const { faults } = read(`${sqlite}__proto__: { polluted: true }\nconstructor: { a: 1 }`);
    assert.deepEqual(faults.map(({ path }) => path).toSorted(), ['__proto__', 'constructor']);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  it('warn of a default that should not last, and of a variable nobody reads', () => {
    const { warnings } = read(sqlite, { SHOP_HTP_PORT: '1', PATH: '/bin' });
    assert.deepEqual(warnings, [
      {
        path: 'SHOP_HTP_PORT',
        message: 'No setting is given by this variable. Did you mean SHOP_HTTP_PORT?',
      },
      { path: 'mode', message: 'Choose.' },
    ]);
    const set = read(
      sqlite,
      { SHOP_MODE: 'brisk', SHOP_CONFIG: 'x' },
      { alsoKnown: ['SHOP_CONFIG'] },
    );
    assert.deepEqual(set.warnings, []);
  });

  it('warn of a file that everybody can read', () => {
    const path = file(`${sqlite}mode: calm`);
    chmodSync(path, 0o644);
    const { warnings } = load(schema, { file: path, environment: {} });
    assert.match(warnings[0]?.message ?? '', /every account of this machine/);
  });

  it('cannot be changed afterwards', () => {
    const { settings } = read(sqlite);
    assert.ok(settings !== undefined);
    assert.throws(() => Object.assign(settings.http, { port: 1 }), TypeError);
    assert.throws(() => settings.http.proxies.push('x'), TypeError);
  });

  it('of another kind of database are unknown where this kind is chosen', () => {
    const { faults } = read('database: { kind: sqlite, file: a.db, url: x }');
    assert.deepEqual(faults, [{ path: 'database.url', message: 'There is no such setting.' }]);
  });

  it('refuse a variable that has nowhere to go', () => {
    const { faults } = read(`${sqlite}http: 80`, { SHOP_HTTP_PORT: '80' });
    assert.ok(faults.some(({ message }) => message.startsWith('SHOP_HTTP_PORT cannot be set')));
  });
});

describe('the list of settings', () => {
  it('says all there is to say about each', () => {
    const list = settingsOf(schema).map(({ path, env, takes, secret, optional }) =>
      [path.join('.'), env, takes, secret, optional].join(' '),
    );
    assert.deepEqual(list, [
      'http.port SHOP_HTTP_PORT whole number false true',
      'http.host SHOP_HOST text false true',
      'http.proxies SHOP_PROXIES list of text false true',
      'http.secure SHOP_SECURE true | false false true',
      'database.kind  "sqlite" | "postgres" false false',
      'database.file SHOP_FILE text false false',
      'database.url SHOP_URL text true false',
      'key SHOP_KEY text true true',
      'limits.*.perHour  number false false',
      'mode SHOP_MODE "calm" | "brisk" false true',
    ]);
    const [port, host] = settingsOf(schema);
    assert.equal(port?.default, 8080);
    assert.equal(host?.description, 'Where to listen.');
  });
});
