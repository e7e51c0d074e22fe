import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { readTokenFile, type TokenFile, type TokenLine } from './hardware-token-file.ts';

const heading = 'upn,serial number,secret key,time interval,manufacturer,model';
const key = '1234567890abcdef234567abcdef2345'.replaceAll(/[0189]/g, 'a');

const read = (text: string | Buffer): Promise<TokenFile> => readTokenFile(Buffer.from(text));
const linesOf = async (text: string | Buffer): Promise<readonly TokenLine[]> => {
  const file = await read(text);
  assert.equal(file.fault, undefined);
  return file.lines;
};
const faultsOf = async (...rows: readonly string[]): Promise<unknown> =>
  (await linesOf([heading, ...rows].join('\r\n'))).map(({ fault }) => fault);

describe('a table of hardware tokens', () => {
  it('is read as Entra writes it down (row A-060)', async () => {
    const rows = `${heading}\r\nHelga@contoso.com,1234567,${key},60,Contoso,HardwareKey\r\n`;
    assert.deepEqual(await linesOf(rows), [
      {
        line: 2,
        token: {
          serialNumber: '1234567',
          manufacturer: 'Contoso',
          model: 'HardwareKey',
          secret: { key: key.toUpperCase(), digits: 6, period: 60, algorithm: 'sha1' },
          owner: 'Helga@contoso.com',
        },
      },
    ]);
  });

  it('is read with other columns in another order, from a spreadsheet of another country', async () => {
    const text = `Serial_Number;Time Interval;secretKey;digits;hash function\nab-1;30;${key};8;hmacsha256\n`;
    const [line] = await linesOf(Buffer.from(`\uFEFF${text}`, 'utf16le'));
    assert.deepEqual(line?.fault === undefined ? line?.token : line, {
      serialNumber: 'AB-1',
      manufacturer: '',
      model: '',
      secret: { key: key.toUpperCase(), digits: 8, period: 30, algorithm: 'sha256' },
      owner: undefined,
    });
  });

  it('says of each line what is wrong with it, and reads the others', async () => {
    const faults = await faultsOf(
      `,1,${key},30,a,b`,
      `,,${key},30,a,b`,
      `,2,,30,a,b`,
      `,3,nöt base32,30,a,b`,
      `,4,abcd,30,a,b`,
      `,5,${key},45,a,b`,
      `,1,${key},30,a,b`,
      `,6,${key},30,${'a'.repeat(101)},b`,
      `,${'7'.repeat(101)},${key},30,a,b`,
      `,8,"${key}"x,30,a,b`,
    );
    assert.deepEqual(faults, [
      undefined,
      'serial-number-missing',
      'key-missing',
      'key-unreadable',
      'key-unreadable',
      'interval',
      'serial-number-repeated',
      'text-too-long',
      'serial-number-too-long',
      'unreadable',
    ]);
  });

  it('names no token with a line end or another control character in what lists show of it', async () => {
    const faults = await faultsOf(
      `,"NC\n1",${key},30,a,b`,
      `,NC\u001B[2J2,${key},30,a,b`,
      `,NC3,${key},30,"a\nb",c`,
      `,NC4,${key},30,a,b\u0007`,
    );
    assert.deepEqual(faults, ['unreadable', 'unreadable', 'unreadable', 'unreadable']);
    const [told] = await linesOf(`${heading}\n,"NC\n1",${key},30,a,b`);
    assert.equal(told?.fault === undefined ? undefined : told.serialNumber, 'NC 1');
  });

  it('is refused as no table where not even its first line can be read', async () => {
    assert.deepEqual(await read(Buffer.from([0x89, 0, 1, 0, 2, 10, 0, 0xff, 10])), {
      fault: 'not-pskc',
    });
  });

  it('is refused as a whole where a column is missing or nothing is in it', async () => {
    assert.deepEqual(await read('serial number,secret key\n1,a'), {
      fault: 'column-missing',
      column: 'time interval',
    });
    assert.deepEqual(await read(''), { fault: 'empty' });
    assert.deepEqual(await read(`${heading}\n`), { fault: 'empty' });
    const many = Array.from({ length: 20_001 }, (_, index) => `,${index},${key},30,,`);
    assert.deepEqual(await read([heading, ...many].join('\n')), { fault: 'too-many-lines' });
  });

  it('may be PSKC; what counts presses is told as such', async () => {
    const pskc = (algorithm: string): string =>
      `<?xml version="1.0"?><KeyContainer xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><KeyPackage>
      <DeviceInfo><Manufacturer>oath.Acme</Manufacturer><SerialNo>987</SerialNo></DeviceInfo>
      <Key Id="1" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:${algorithm}"><Data><Secret><PlainValue>
      MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data></Key></KeyPackage></KeyContainer>`;
    const [line] = await linesOf(pskc('totp'));
    assert.deepEqual(line?.fault === undefined && line?.token.secret, {
      key: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      digits: 6,
      period: 30,
      algorithm: 'sha1',
    });
    assert.deepEqual(
      (await linesOf(pskc('hotp'))).map(({ fault }) => fault),
      ['kind-of-code'],
    );
    assert.deepEqual(await read('<html></html>'), { fault: 'not-pskc' });
  });

  it('is told from a table by its first character, whatever blanks stand before it', async () => {
    assert.deepEqual(await read('\uFEFF\uFEFF \r\n<html></html>'), { fault: 'not-pskc' });
    const begun = performance.now();
    const { fault } = await read(`${'\uFEFF'.repeat(30)}x`);
    assert.equal(fault, 'column-missing');
    assert.ok(performance.now() - begun < 1_000, 'blanks were read in every possible way');
  });

  it('never throws, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, isTable) => {
        const file = isTable ? Buffer.concat([Buffer.from(`${heading}\n`), bytes]) : bytes;
        await readTokenFile(file);
      }),
    );
  });
});
