import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import type { z } from 'zod';

import { refusalOf } from '../../refusal.ts';
import { httpProvider } from './http.ts';
import { proofFault, type GivenReport } from './proof.ts';
import { replyIn, reportSecrets, statusIn } from './report.ts';
import { httpReportSettings, type HttpReportSettings } from './report-settings.ts';
import { httpProviderSettings } from './settings.ts';

type Input = z.input<typeof httpReportSettings>;

const secret = 'a secret of the gateway';
const now = new Date('2026-11-21T09:00:00Z');
const url = 'https://login.example.org/webhooks/http/our-gateway/status';
const body = Buffer.from('{"id":"m1","state":"delivered"}');
const status = { message: 'id', state: 'state', sent: ['delivered'] };

function settingsOf(change: Partial<Input> = {}): HttpReportSettings {
  return httpReportSettings.parse({ secret, status, ...change });
}

function faultOf(
  settings: HttpReportSettings,
  headers: GivenReport['headers'],
  change: Partial<GivenReport> = {},
): ReturnType<typeof proofFault> {
  return proofFault(settings, reportSecrets(settings), { headers, url, body, ...change }, now);
}

describe('what proves a report of a gateway by HTTP', () => {
  it('is its secret in a header, and nothing that is like it', () => {
    const settings = settingsOf();
    assert.equal(faultOf(settings, { authorization: `Bearer ${secret}` }), undefined);
    assert.equal(faultOf(settings, {}), 'missing');
    assert.equal(faultOf(settings, { authorization: '' }), 'missing');
    for (const authorization of [
      secret,
      'Bearer ',
      `Bearer ${secret} `,
      `bearer ${secret}`,
      `Bearer ${secret.slice(0, -1)}`,
      `Bearer ${secret.toUpperCase()}`,
      'Bearer {secret}',
    ]) {
      assert.equal(faultOf(settings, { authorization }), 'wrong', authorization);
    }
    const basic = settingsOf({ header: 'X-Auth', value: 'Basic {secretBase64}' });
    const written = `Basic ${Buffer.from(secret).toString('base64')}`;
    assert.equal(faultOf(basic, { 'x-auth': written }), undefined);
    assert.equal(faultOf(basic, { 'x-auth': `Basic ${secret}` }), 'wrong');
  });

  it('is a signature over what the settings say, of the last five minutes', () => {
    const settings = settingsOf({
      header: 'x-signature',
      value: 'sha256={signature}',
      signed: '{time}.{url}.{body}',
      timeHeader: 'x-time',
    });
    const signed = (time: string, by = secret, given = body, at = url): GivenReport['headers'] => ({
      'x-time': time,
      'x-signature': `sha256=${createHmac('sha256', by)
        .update(`${time}.${at}.`)
        .update(given)
        .digest('hex')}`,
    });
    const seconds = now.getTime() / 1_000;
    for (const time of [seconds, seconds - 299, seconds + 299, seconds * 1_000]) {
      assert.equal(faultOf(settings, signed(String(time))), undefined);
    }
    for (const time of [seconds - 301, seconds + 301, (seconds - 301) * 1_000]) {
      assert.equal(faultOf(settings, signed(String(time))), 'time');
    }
    const right = signed(String(seconds));
    assert.equal(faultOf(settings, { ...right, 'x-time': String(seconds + 1) }), 'wrong');
    assert.equal(faultOf(settings, { ...right, 'x-time': undefined }), 'time');
    assert.equal(faultOf(settings, { ...right, 'x-time': 'now' }), 'time');
    assert.equal(faultOf(settings, right, { body: Buffer.from(`${String(body)} `) }), 'wrong');
    assert.equal(faultOf(settings, right, { url: `${url}?x=1` }), 'wrong');
    assert.equal(faultOf(settings, signed(String(seconds), 'another secret of 26')), 'wrong');
    assert.equal(faultOf(settings, { ...right, 'x-signature': 'sha256=' }), 'wrong');
  });

  it('is over the bytes as they came, by whatever hash and in whatever letters the settings say', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
    for (const algorithm of ['sha1', 'sha256', 'sha512'] as const) {
      for (const encoding of ['hex', 'base64'] as const) {
        const settings = settingsOf({ header: 'x-s', value: '{signature}', algorithm, encoding });
        const signature = createHmac(algorithm, secret).update(bytes).digest(encoding);
        assert.equal(faultOf(settings, { 'x-s': signature }, { body: bytes }), undefined);
        assert.equal(faultOf(settings, { 'x-s': signature }), 'wrong');
      }
    }
  });

  it('may be made with the secret that takes over, and never with none or a short one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-'));
    after(() => rmSync(folder, { recursive: true }));
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const { secret: _none, ...rest } = { ...settingsOf() };
    const settings: HttpReportSettings = {
      ...rest,
      secretFile: write('one', 'the first secret of all\n'),
      otherSecretFile: write('two', 'the second secret of all'),
    };
    for (const each of ['the first secret of all', 'the second secret of all']) {
      assert.equal(faultOf(settings, { authorization: `Bearer ${each}` }), undefined);
    }
    write('one', 'short');
    assert.equal(faultOf(settings, { authorization: 'Bearer short' }), 'wrong');
    write('one', '');
    assert.equal(faultOf(settings, { authorization: 'Bearer ' }), 'wrong');
    rmSync(join(folder, 'one'));
    assert.throws(() => faultOf(settings, { authorization: 'Bearer ' }));
  });
});

describe('what a report of a gateway by HTTP says', () => {
  const { status: places } = settingsOf({
    status: {
      message: 'results.0.id',
      state: 'results.0.state',
      sent: ['delivered', 2],
      failed: ['undeliverable'],
      optedOut: ['stopped'],
    },
  });
  const told = (id: unknown, state: unknown): ReturnType<typeof statusIn> =>
    statusIn(places ?? assert.fail(), { results: [{ id, state }] });

  it('is what the settings point at', () => {
    assert.deepEqual(told('m1', 'delivered'), {
      reference: 'm1',
      eventId: 'm1:delivered',
      event: { kind: 'sent' },
    });
    assert.deepEqual(told(17, '2')?.event, { kind: 'sent' });
    assert.deepEqual(told('m1', 'undeliverable')?.event, { kind: 'failed', reason: 'unreachable' });
    assert.deepEqual(told('m1', 'stopped')?.event, { kind: 'failed', reason: 'opted-out' });
    assert.equal(told('m1', 'buffered'), undefined);
  });

  it('is nothing where that is not there, or is too long to be kept', () => {
    for (const wrong of [
      told(undefined, 'delivered'),
      told('', 'delivered'),
      told({}, 'delivered'),
      told('m1', undefined),
      told('m'.repeat(201), 'delivered'),
      statusIn(places ?? assert.fail(), 'results'),
      statusIn(places ?? assert.fail(), null),
    ]) {
      assert.equal(wrong, null);
    }
  });

  it('is a reply from a number, however that is written, and from nobody else', () => {
    const at = { id: 'id', from: 'from', text: 'text.body' };
    const from = (number: unknown): string | undefined =>
      replyIn(at, { id: 'r1', from: number, 'text.body': '42' })?.from;
    for (const number of ['+31612345678', '31612345678', '0031612345678', '+31 6-12345678']) {
      assert.equal(from(number), '+31612345678', number);
    }
    assert.equal(from(31612345678), '+31612345678');
    assert.equal(from('Voorbeeld'), undefined);
    assert.equal(from('3010'), undefined);
    assert.deepEqual(replyIn(at, { id: 7, from: 'x', text: { body: '42' } }), {
      eventId: 'reply:7',
      from: undefined,
      text: '42',
    });
    assert.equal(replyIn(at, { from: '+31612345678', text: '42' }), null);
  });
});

describe('the settings of reports by HTTP', () => {
  const faultsOf = (change: Record<string, unknown>): readonly string[] => {
    const given = Object.entries({ secret, status, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    const parsed = httpReportSettings.safeParse(Object.fromEntries(given));
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
  };

  it('need a proof that can be believed, and something to be told', () => {
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ secret: undefined }), ['secretFile']);
    assert.deepEqual(faultsOf({ secretFile: 'too' }), ['secretFile']);
    assert.deepEqual(faultsOf({ secret: 'short' }), ['secret']);
    assert.deepEqual(faultsOf({ value: 'Bearer' }), ['value']);
    assert.deepEqual(faultsOf({ value: '{secret}{signature}' }), ['value']);
    assert.deepEqual(faultsOf({ signed: '{time}' }).includes('signed'), true);
    assert.deepEqual(faultsOf({ signed: '{body}{nonce}' }), ['signed']);
    assert.deepEqual(faultsOf({ value: '{signature}', signed: '{time}{body}' }), ['timeHeader']);
    assert.deepEqual(faultsOf({ timeHeader: 'x-time' }), ['timeHeader']);
    assert.deepEqual(faultsOf({ signed: '{time}{body}', timeHeader: 'x-time' }), ['value']);
    assert.deepEqual(faultsOf({ status: undefined }), ['status']);
    assert.deepEqual(faultsOf({ header: 'x y' }), ['header']);
  });

  it('are tried by the check, as far as a file can be read', async () => {
    const settings = httpProviderSettings.parse({
      url: 'https://g.example/send',
      form: { to: '{to}', text: '{body}' },
      reports: { secretFile: '/nowhere/at/all', status },
    });
    await assert.rejects(httpProvider('g', settings).check(), (error) =>
      /secret of what g reports cannot be read/.test(refusalOf(error).fault),
    );
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-reports-'));
    const secretFile = join(folder, 'short');
    writeFileSync(secretFile, 'fifteen letters\n');
    const short = { ...settings, reports: { ...settings.reports, secretFile, status } };
    const parsed = httpProviderSettings.parse(short);
    await assert.rejects(httpProvider('g', parsed).check(), (error) =>
      /secret of what g reports is shorter than 16/.test(refusalOf(error).fault),
    );
    rmSync(folder, { recursive: true });
  });
});
