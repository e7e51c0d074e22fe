import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { quoted, readAddress, readList, readVia, uriParameters } from './fields.ts';
import { createFramer } from './framing.ts';
import {
  headerOf,
  longestMessage,
  readMessage,
  valuesOf,
  writeMessage,
  type SipMessage,
} from './message.ts';

const crlf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'));

/** RFC 4475 §3.1.1.1. */
const tortuous = crlf([
  'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
  'TO :',
  ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
  String.raw`from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>`,
  '  ;',
  '  tag = 98asjd8',
  'MaX-fOrWaRdS: 0068',
  'Call-ID: wsinv.ndaksdj@192.0.2.1',
  'Content-Length   : 8',
  'cseq: 0009',
  '  INVITE',
  'Via  : SIP  /   2.0',
  ' /UDP',
  '    192.0.2.2;branch=390skdjuw',
  's :',
  'NewFangledHeader:   newfangled value',
  ' continued newfangled value',
  'UnknownHeaderWithUnusualValue: ;;,,;;,;',
  'Content-Type: application/sdp',
  'Route:',
  ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
  'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
  '  branch  =   z9hG4bK9ikj8  ,',
  ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
  ' z9hG4bK30239',
  String.raw`m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =`,
  '      newvalue ;',
  '  secondparam ; q = 0.33',
  '',
  'v=0',
  's=-',
]);

interface Change {
  readonly start?: string;
  readonly headers?: readonly string[];
  readonly without?: string;
  readonly body?: string;
}

/** An ordinary message, but for what is changed. */
function written({ start, headers = [], without, body = '' }: Change = {}): Buffer {
  const usual = [
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw',
    'To: sip:j.user@example.com',
    'From: sip:caller@example.net;tag=134161461246',
    'Call-ID: call.0ha0isndaksdj@192.0.2.1',
    'CSeq: 8 OPTIONS',
  ].filter((line) => without === undefined || !line.startsWith(`${without}:`));
  const first = start ?? 'OPTIONS sip:j.user@example.com SIP/2.0';
  return crlf([first, ...usual, ...headers, '', body]);
}

function read(bytes: Buffer): SipMessage {
  const message = readMessage(bytes);
  assert.ok(message);
  return message;
}

describe('a SIP message', () => {
  it('is read however it is folded, spaced and abbreviated', () => {
    const message = read(tortuous);
    assert.ok(message.kind === 'request');
    assert.equal(message.uri, 'sip:vivekg@chair-dnrc.example.com;unknownparam');
    assert.deepEqual(message.sequence, { number: 9, method: 'INVITE' });
    assert.equal(message.to.uri, 'sip:vivekg@chair-dnrc.example.com');
    assert.equal(message.to.parameters.get('tag'), '1918181833n');
    assert.equal(message.from.uri, 'sip:jdrosen@example.com');
    assert.equal(message.from.parameters.get('tag'), '98asjd8');
    assert.equal(message.via.parameters.get('branch'), '390skdjuw');
    assert.deepEqual(
      valuesOf(message, 'via').map((value) => readVia(value)?.parameters.get('branch')),
      ['390skdjuw', 'z9hG4bK9ikj8', 'z9hG4bK30239'],
    );
    assert.equal(
      headerOf(message, 'newfangledheader'),
      'newfangled value continued newfangled value',
    );
    const contact = readAddress(headerOf(message, 'contact') ?? '');
    assert.equal(contact?.parameters.get('newparam'), 'newvalue');
    assert.equal(contact?.parameters.get('secondparam'), '');
    assert.equal(
      uriParameters(readAddress(headerOf(message, 'route') ?? '')?.uri ?? '').get('lr'),
      '',
    );
    assert.equal(message.body, 'v=0\r\ns=-');
  });

  it('may give any reason, or none', () => {
    const reasons = ['= 2**3 * 5**2 но сто девяносто девять - простое', ''];
    for (const reason of reasons) {
      const message = read(written({ start: `SIP/2.0 200 ${reason}` }));
      assert.ok(message.kind === 'response');
      assert.deepEqual([message.status, message.reason], [200, reason]);
    }
    assert.equal(read(written({ start: 'SIP/2.0 200' })).kind, 'response');
  });

  it('may name its method, its addresses and its ways as it likes', () => {
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    const odd = read(
      written({
        start: `${method} sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0`,
        headers: [`CSeq: 139122385 ${method}`],
        without: 'CSeq',
      }),
    );
    assert.equal(odd.sequence.method, method);
    for (const uri of [
      'sip:sips%3Auser%40example.com@example.net',
      'sip:null-%00-null@example.com',
      'sip:user;par=u%40example.net@example.com',
      'sip:[2001:db8::1]:5060',
      'tel:+31612345678',
    ]) {
      const message = read(written({ start: `OPTIONS ${uri} SIP/2.0` }));
      assert.ok(message.kind === 'request');
      assert.equal(message.uri, uri);
    }
    const way = read(
      written({
        without: 'Via',
        headers: ['Via: SIP/2.0/UNKNOWN t4.example.com:7;branch=z9hG4bK1'],
      }),
    );
    assert.deepEqual(
      [way.via.transport, way.via.host, way.via.port],
      ['UNKNOWN', 't4.example.com', 7],
    );
    const old = read(written({ without: 'Via', headers: ['Via: SIP/2.0/UDP iftgw.example.com'] }));
    assert.equal(old.via.parameters.get('branch'), undefined);
  });

  it('ends where it says, whatever stands behind it', () => {
    const two = Buffer.concat([written({ headers: ['Content-Length: 0'] }), tortuous]);
    const message = read(two);
    assert.deepEqual([message.sequence.method, message.body], ['OPTIONS', '']);
  });

  it('is none where anything that matters is missing, wrong or said twice', () => {
    const none: Readonly<Record<string, Buffer>> = {
      'a version of its own': written({ start: 'OPTIONS sip:a@example.com SIP/7.0' }),
      'a status of five thousand million': written({ start: 'SIP/2.0 4294967301 better not' }),
      'a status of 99': written({ start: 'SIP/2.0 099 x' }),
      'more body than there is': written({ headers: ['Content-Length: 9999'] }),
      'less than no body': written({ headers: ['Content-Length: -999'] }),
      'two lengths': written({ headers: ['Content-Length: 0', 'l: 5'], body: 'abcde' }),
      'a number beyond all': written({
        without: 'CSeq',
        headers: ['CSeq: 36893488147419103232 OPTIONS'],
      }),
      'another method in CSeq': written({ without: 'CSeq', headers: ['CSeq: 8 INVITE'] }),
      'spaces in its address': written({ start: 'OPTIONS sip:user@example.com; lr SIP/2.0' }),
      'many spaces': written({ start: 'OPTIONS  sip:user@example.com   SIP/2.0' }),
      'spaces at its end': written({ start: 'OPTIONS sip:user@example.com SIP/2.0  ' }),
      brackets: written({ start: 'OPTIONS <sip:user@example.com> SIP/2.0' }),
      'half a quotation': written({
        without: 'To',
        headers: ['To: "Mr. J. User <sip:j.user@example.com>'],
      }),
      'two calls': written({ headers: ['i: other@example.com'] }),
      'two senders': written({ headers: ['f: <sip:b@example.com>;tag=1'] }),
      'a line without a name': written({ headers: [': value'] }),
      'a line that is none': written({ headers: ['only words'] }),
      'a bare line feed': written({ headers: ['Subject: a\nVia: b'] }),
      'no end': written().subarray(0, -4),
      'too many lines': written({ headers: Array.from({ length: 250 }, () => 'X: y') }),
      'too much': written({ body: 'x'.repeat(longestMessage) }),
      nothing: Buffer.alloc(0),
      'a sign of life': Buffer.from('\r\n\r\n'),
    };
    for (const [what, bytes] of Object.entries(none)) {
      assert.equal(readMessage(bytes), undefined, what);
    }
    for (const without of ['Via', 'To', 'From', 'Call-ID', 'CSeq']) {
      assert.equal(readMessage(written({ without })), undefined, without);
    }
  });

  it('never lets a value become a line of its own', () => {
    const outgoing = {
      kind: 'request',
      method: 'INVITE',
      uri: 'sip:a@example.com',
      body: '',
    } as const;
    const bad = [
      { ...outgoing, headers: [{ name: 'subject', value: 'a\r\nContact: <sip:b@example.org>' }] },
      { ...outgoing, headers: [{ name: 'subject', value: 'a\nb' }] },
      { ...outgoing, headers: [{ name: 'a b', value: '' }] },
      { ...outgoing, headers: [], uri: 'sip:a@example.com SIP/2.0\r\nX:' },
      { ...outgoing, headers: [], method: 'IN VITE' },
    ];
    for (const message of bad) assert.throws(() => writeMessage(message), /no SIP/);
    assert.equal(quoted('A "B"\r\n\\ C'), String.raw`"A \"B\" \\ C"`);
  });

  it('is read as it was written', () => {
    const value = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replaceAll(/\s+/g, ' ').trim());
    const name = fc
      .stringMatching(/^[a-z][a-z0-9-]{1,20}$/)
      .filter((each) => !['via', 'from', 'to', 'cseq', 'call-id', 'content-length'].includes(each));
    const envelope = read(tortuous).headers.filter(({ name: each }) =>
      ['via', 'from', 'to', 'cseq', 'call-id'].includes(each),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ name, value }, { noNullPrototype: true })),
        fc.string(),
        (headers, body) => {
          const outgoing = { method: 'INVITE', uri: 'sip:a@example.com', body } as const;
          const all = [...envelope, ...headers];
          const again = read(writeMessage({ kind: 'request', ...outgoing, headers: all }));
          assert.deepEqual([again.headers, again.body], [all, body]);
          assert.deepEqual(read(writeMessage(again)), again);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('hurts nobody, whatever comes', () => {
    const wellKnown = [
      '\r\n',
      '\r\n ',
      ':',
      ';',
      ',',
      '"',
      '\\',
      '<',
      '>',
      ' ',
      'Via: SIP/2.0/UDP a',
      'l: 5',
      'SIP/2.0 200 OK',
      'To: <sip:a@b>',
      'CSeq: 1 INVITE',
      '\r\n\r\n',
      'Call-ID: a',
      '=',
    ];
    const parts = fc.constantFrom(...wellKnown);
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(fc.oneof(parts, fc.string()), { maxLength: 60 })
        .map((all) => Buffer.from(all.join(''))),
      fc
        .tuple(fc.nat(tortuous.length - 1), fc.uint8Array({ maxLength: 8 }))
        .map(([at, bytes]) =>
          Buffer.concat([tortuous.subarray(0, at), bytes, tortuous.subarray(at + bytes.length)]),
        ),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        const message = readMessage(bytes);
        // What we understood we can say too.
        if (message !== undefined) assert.ok(readMessage(writeMessage(message)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not take long to be found to be none', () => {
    const begun = performance.now();
    const long = 'a'.repeat(60_000);
    for (const value of [`"${long}`, `<${';'.repeat(60_000)}`, `${' '.repeat(60_000)}x`, long]) {
      readMessage(written({ without: 'To', headers: [`To: ${value}`] }));
      readMessage(written({ without: 'Via', headers: [`Via: SIP/2.0/UDP ${value}`] }));
      readMessage(written({ without: 'CSeq', headers: [`CSeq: 1${value}`] }));
      readList(value);
    }
    assert.ok(performance.now() - begun < 2_000);
  });
});

describe('a stream of SIP', () => {
  const first = written({ headers: ['Content-Length: 5'], body: 'abcde' });
  const second = written({ start: 'SIP/2.0 200 OK', headers: ['l: 0'] });

  it('is parted by lengths, however it comes in pieces', () => {
    const whole = Buffer.concat([Buffer.from('\r\n\r\n'), first, Buffer.from('\r\n'), second]);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
        const framer = createFramer();
        const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const messages = places.flatMap((at, index) =>
          framer.push(whole.subarray(at, places[index + 1] ?? whole.length)),
        );
        assert.deepEqual(
          messages.map(({ kind, body }) => [kind, body]),
          [
            ['request', 'abcde'],
            ['response', ''],
          ],
        );
      }),
      { numRuns: 60 },
    );
  });

  it('goes on after a message that is none, as long as its end is known', () => {
    const wrong = written({
      without: 'CSeq',
      headers: ['CSeq: 8 INVITE', 'Content-Length: 3'],
      body: 'abc',
    });
    const messages = createFramer().push(Buffer.concat([wrong, second]));
    assert.deepEqual(
      messages.map(({ kind }) => kind),
      ['response'],
    );
  });

  it('ends where nobody can tell what comes next', () => {
    const endless = [
      written({ headers: ['Content-Length: 70000'] }),
      written({ headers: ['Content-Length: 1', 'Content-Length: 2'] }),
      Buffer.from('220 mail.example.org ESMTP\r\n\r\n'),
      Buffer.alloc(longestMessage + 1, 'a'),
    ];
    for (const bytes of endless) assert.throws(() => createFramer().push(bytes), /no SIP/);
  });
});
