import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  byteOrderMark,
  csvLine,
  readCsv,
  writeCsv,
  type CsvFault,
  type CsvReading,
  type CsvRecord,
} from './csv.ts';

const utf8 = (text: string): Buffer => Buffer.from(text);
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

async function all(
  bytes: Uint8Array | readonly Uint8Array[],
  reading?: CsvReading,
): Promise<CsvRecord[]> {
  const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
  const records: CsvRecord[] = [];
  for await (const record of readCsv(pieces, reading)) records.push(record);
  return records;
}
const ofText = (text: string, reading?: CsvReading): Promise<CsvRecord[]> =>
  all(utf8(text), reading);

/** Each byte on its own: nothing may depend on where a piece ends. */
const byByte = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

describe('reading CSV', () => {
  it('reads lines with their numbers, whichever way they end', async () => {
    for (const ending of ['\r\n', '\n', '\r']) {
      const expected = [
        { line: 1, fields: ['name', 'state'] },
        { line: 2, fields: ['anna', ''] },
        { line: 4, fields: ['', 'enabled'] },
      ];
      const text = ['name,state', 'anna,', '', ',enabled'].join(ending);
      assert.deepEqual(await ofText(text), expected);
      assert.deepEqual(await ofText(text + ending), expected, 'with an end to the last line');
      assert.deepEqual(await all(byByte(utf8(text + ending))), expected, 'byte by byte');
    }
  });

  it('reads nothing where there is nothing', async () => {
    assert.deepEqual(await ofText(''), []);
    assert.deepEqual(await all([]), []);
    assert.deepEqual(await ofText('\r\n\r\n\n'), []);
    assert.deepEqual(await ofText(byteOrderMark), []);
  });

  it('reads quotes, with separators, line ends and quotes inside, and counts on', async () => {
    const text = 'a,"b, c","d ""e"""\r\n"one\r\ntwo\nthree",x\r\nlast,""\r\n""\r\n';
    const expected = [
      { line: 1, fields: ['a', 'b, c', 'd "e"'] },
      { line: 2, fields: ['one\r\ntwo\nthree', 'x'] },
      { line: 5, fields: ['last', ''] },
      { line: 6, fields: [''] },
    ];
    assert.deepEqual(await ofText(text), expected);
    assert.deepEqual(await all(byByte(utf8(text))), expected);
  });

  it('reads what Excel, Numbers and Notepad write: UTF-8 and UTF-16, with a mark or without', async () => {
    const text = 'naam;staat\r\nZoë 😀;enabled\r\n';
    const expected = [
      { line: 1, fields: ['naam', 'staat'] },
      { line: 2, fields: ['Zoë 😀', 'enabled'] },
    ];
    for (const encode of [utf8, utf16le, utf16be]) {
      for (const mark of ['', byteOrderMark]) {
        assert.deepEqual(await all(encode(mark + text)), expected);
        assert.deepEqual(await all(byByte(encode(mark + text))), expected, 'byte by byte');
      }
    }
    assert.deepEqual(await all(Buffer.from('Zo\xeb;x', 'latin1'), { encoding: 'windows-1252' }), [
      { line: 1, fields: ['Zoë', 'x'] },
    ]);
  });

  it('finds the separator by itself, unless it is told', async () => {
    assert.deepEqual(await ofText('a;b,c;d'), [{ line: 1, fields: ['a', 'b,c', 'd'] }]);
    assert.deepEqual(await ofText('a\tb\r\nc\td'), [
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['c', 'd'] },
    ]);
    assert.deepEqual(await ofText('"a;b;c",d'), [{ line: 1, fields: ['a;b;c', 'd'] }]);
    assert.deepEqual(await ofText('alone'), [{ line: 1, fields: ['alone'] }]);
    assert.deepEqual(await ofText('a;b', { separator: ',' }), [{ line: 1, fields: ['a;b'] }]);
    assert.deepEqual(await ofText(`${byteOrderMark}sep=;\r\na,b;c\r\n`), [
      { line: 2, fields: ['a,b', 'c'] },
    ]);
    assert.deepEqual(await ofText('sep=;'), []);
  });

  it('tells a faulty line and reads on at the next', async () => {
    const lines = (faulty: string): string => `first,1\r\n${faulty}\r\nlast,3\r\n`;
    const around = (fault: CsvFault): CsvRecord[] => [
      { line: 1, fields: ['first', '1'] },
      { line: 2, fault },
      { line: 3, fields: ['last', '3'] },
    ];
    for (const [faulty, fault] of [
      ['"a"b,2', 'text-after-quote'],
      ['"a" ,2', 'text-after-quote'],
      ['a "b" c,2', 'quote-within'],
      ['"never closed,2', 'quote-not-closed'],
      ['nul \0,2', 'not-text'],
    ] as const) {
      assert.deepEqual(await ofText(lines(faulty)), around(fault), faulty);
      assert.deepEqual(await all(byByte(utf8(lines(faulty)))), around(fault), faulty);
    }
    assert.deepEqual(
      await all(Buffer.from(lines('Zo\xeb,2'), 'latin1')),
      around('not-text'),
      'written in another encoding',
    );
  });

  it('blames the line with the stray quote, and reads those below it', async () => {
    assert.deepEqual(await ofText('a,1\n"b,2\n"c",3\nd,4\n'), [
      { line: 1, fields: ['a', '1'] },
      { line: 2, fault: 'text-after-quote' },
      { line: 3, fields: ['c', '3'] },
      { line: 4, fields: ['d', '4'] },
    ]);
  });

  it('passes over a line that is too long without keeping it', async () => {
    const long = 'x'.repeat(70_000);
    const expected = [
      { line: 1, fields: ['a', '1'] },
      { line: 2, fault: 'too-long' },
      { line: 3, fields: ['b', '2'] },
    ];
    const text = utf8(`a,1\r\n${long},x\r\nb,2`);
    assert.deepEqual(await all(text), expected);
    const pieces = Array.from({ length: Math.ceil(text.length / 1000) }, (_, index) =>
      text.subarray(index * 1000, index * 1000 + 1000),
    );
    assert.deepEqual(await all(pieces), expected);
    assert.deepEqual(await ofText(`"${long}\nb,2`), [
      { line: 1, fault: 'quote-not-closed' },
      { line: 2, fields: ['b', '2'] },
    ]);
    assert.equal((await ofText(`${'y'.repeat(65_536)}\r\n`))[0]?.fault, undefined, 'just fits');
    assert.equal((await ofText('abcdef', { longest: 5 }))[0]?.fault, 'too-long');
  });

  it('reads a hundred thousand lines in pieces, in little memory, and hostile ones as fast', async () => {
    const count = async (
      line: (index: number) => string,
    ): Promise<{ read: number; faults: number }> => {
      function* pieces(): Generator<Buffer> {
        for (let index = 0; index < 100_000; index += 500) {
          yield utf8(Array.from({ length: 500 }, (_, within) => line(index + within)).join(''));
        }
      }
      let [read, faults] = [0, 0];
      for await (const { fault } of readCsv(pieces())) {
        if (fault === undefined) read += 1;
        else faults += 1;
      }
      return { read, faults };
    };
    const plain = await count(
      (index) => `p${index}@voorbeeld.example,enabled,"Zoë, de ""Vries"""\r\n`,
    );
    assert.deepEqual(plain, { read: 100_000, faults: 0 });
    assert.deepEqual(await count(() => '"a\n'), { read: 0, faults: 100_000 });
    assert.deepEqual(await count((index) => (index === 0 ? '"\n' : 'a,b\n')), {
      read: 99_999,
      faults: 1,
    });
  });
});

describe('writing CSV', () => {
  it('writes lines as RFC 4180 has them', () => {
    assert.equal(
      csvLine(['a', 1, true, undefined, new Date(0), 'b, c', 'd "e"', 'f\ng', ' h']),
      'a,1,true,,1970-01-01T00:00:00.000Z,"b, c","d ""e""","f\ng"," h"\r\n',
    );
    assert.equal(csvLine(['a;b', 'c'], ';'), '"a;b";c\r\n');
  });

  it('lets no spreadsheet run what people typed, and leaves numbers alone', () => {
    for (const typed of ['=1+1', '+31612345678', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1']) {
      const [cell] = csvLine([typed]).split('\r\n');
      assert.match(cell ?? '', /^"?'/, typed);
    }
    assert.equal(csvLine([-2, '=HYPERLINK("x")']), `-2,"'=HYPERLINK(""x"")"\r\n`);
    assert.equal(csvLine(['\0=1']), "'\u2400=1\r\n");
  });

  it('lets none run it either that parts cells by something else, as Dutch ones do', () => {
    assert.equal(csvLine(["x;=cmd|'/C calc'!A0;y", 'z']), `"x;'=cmd|'/C calc'!A0;y",z\r\n`);
    assert.equal(csvLine(['x,@SUM(A1),y', 'z'], ';'), `"x,'@SUM(A1),y";z\r\n`);
    for (const [typed, cell] of [
      ['x;"=1;y', `"x;'""=1;y"`],
      ['x; =1;y', `"x;' =1;y"`],
      ['x\t+1\ty', `"x\t'+1\ty"`],
      ['x\r\n-1\r\ny', `"x\r\n'-1\r\ny"`],
      ['x;＝1;y', `"x;'＝1;y"`],
    ] as const) {
      assert.equal(csvLine([typed]), `${cell}\r\n`);
    }
    // Where the separator is the file's own, quotes keep the cell whole.
    assert.equal(csvLine(['a,-b']), '"a,-b"\r\n');
    assert.equal(csvLine(['Mozilla/5.0 (X11; Linux)']), '"Mozilla/5.0 (X11; Linux)"\r\n');
  });

  it('is read back as it was', async () => {
    const rows = [
      ['Zoë', '=1+1', '+31612345678'],
      ['a,b', 'c;d', 'e\tf'],
      ['"', '""', 'line\r\nend'],
      ['', ' spaced ', "'quoted'"],
      ['\r', '\n', '@'],
    ];
    for (const separator of [',', ';', '\t'] as const) {
      for (const forExcel of [false, true]) {
        const pieces: Buffer[] = [];
        for await (const piece of writeCsv(rows, { separator, forExcel })) pieces.push(utf8(piece));
        assert.equal(pieces[0]?.toString().startsWith(byteOrderMark), forExcel);
        const read = await all(pieces);
        assert.deepEqual(
          read.map((record) => (record.fault === undefined ? record.fields : record.fault)),
          rows,
        );
      }
    }
  });

  it('gathers lines into pieces', async () => {
    let [pieces, length] = [0, 0];
    const rows = Array.from({ length: 10_000 }, (_, index) => [index, 'some text']);
    for await (const piece of writeCsv(rows)) {
      pieces += 1;
      length += piece.length;
    }
    assert.ok(pieces > 2 && pieces < 20, `${pieces} pieces`);
    assert.equal(length, rows.map((row) => csvLine(row)).join('').length);
  });
});
