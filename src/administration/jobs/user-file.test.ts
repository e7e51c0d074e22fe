import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../../test/support/signin.ts';
import type { User } from '../../accounts/user.ts';
import { csvLine, readCsv } from '../../lib/csv.ts';
import { systemRandom } from '../../lib/random.ts';
import { exportedColumns, exportedLine, readUserFile, type UserFileKind } from './user-file.ts';

describe('a file of people', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
  });
  afterEach(() => hall.close());

  const read = async (kind: UserFileKind, file: string | Buffer) =>
    readUserFile(
      {
        jobs: hall.jobs,
        users: hall.stores.users,
        administration: hall.administration,
        policies: hall.policies,
        random: systemRandom,
      },
      { kind, pieces: [Buffer.from(file)], by: 'command-line' },
    );
  /** What came of each line, without doing anything: undefined is a line that can be done. */
  const faultsOf = async (kind: UserFileKind, file: string | Buffer) => {
    const draft = await read(kind, file);
    assert.equal(draft.kind, 'read');
    const found: (readonly [number, string, string | undefined])[] = [];
    for await (const { number, name, result } of hall.jobs.results(draft.job)) {
      found.push([number, name, result]);
    }
    return found;
  };
  const doIt = async (kind: UserFileKind, file: string | Buffer): Promise<string> => {
    const draft = await read(kind, file);
    assert.equal(draft.kind, 'read');
    assert.ok(await hall.jobs.beginDraft(draft.job, 'command-line'));
    for (let slices = 0; await hall.jobs.work({ link: '' }); slices += 1) assert.ok(slices < 100);
    return draft.job;
  };
  const named = (name: string) => hall.stores.users.findByName(name);

  it('brings all that an account has, under English and under Dutch headings', async () => {
    const job = await doIt(
      'import',
      [
        'Gebruikersnaam;Naam;Postvak;Ander e-mailadres;Mobiele telefoon;Bureautelefoon;Toestelnummer;Taal;Rol;Groepen;Status;Mag zich aanmelden;Tijdelijk wachtwoord;Kostenplaats',
        'nina@x.example;"Smit, Nina";nina@x.example;n@home.example;06 1234 5678;020 123 4567;12;Nederlands;help-desk;"staf; nacht";Ingeschakeld;nee;een heel lang wachtwoord;4711',
      ].join('\r\n'),
    );
    const looked = await hall.jobs.look(job);
    assert.deepEqual(looked?.job.task, { kind: 'import', ignored: ['Kostenplaats'] });
    assert.equal(looked?.secrets, 0, 'the password was brought along');
    const nina = await named('nina@x.example');
    assert.ok(nina !== undefined);
    const { id: _, passwordHash, createdAt: __, mfaRequiredAt: ___, ...rest } = nina;
    assert.ok(passwordHash !== undefined);
    assert.deepEqual(rest, {
      userPrincipalName: 'nina@x.example',
      displayName: 'Smit, Nina',
      mail: 'nina@x.example',
      otherMail: 'n@home.example',
      mobilePhone: '+31612345678',
      businessPhone: '+31201234567',
      businessPhoneExtension: '12',
      preferredLanguage: 'nl',
      role: 'help-desk',
      groups: ['staf', 'nacht'],
      accountEnabled: false,
      blocked: undefined,
      mustChangePassword: true,
      perUserMfaState: 'enabled',
      defaultMethod: undefined,
      upstream: undefined,
    });
  });

  it('tells the fault of every line, and leaves the others good', async () => {
    const found = await faultsOf(
      'import',
      [
        'User name,Name,Mobile phone,Role,Language,State,Groups,Account enabled,Password,Mail',
        'good@x.example,Good,,,,,,,,',
        'Anna@Voorbeeld.Example,Anna again,,,,,,,,',
        'GOOD@x.example,Good twice,,,,,,,,',
        'no-at-sign,,,,,,,,,',
        'phone@x.example,Phone,12,emperor,fr,asleep,"a\u0001",perhaps,short,nobody',
        'short@x.example,Short',
        'long@x.example,Smit, Nina,,,,,,,,,,',
        'quote@x.example,"never closed',
      ].join('\n'),
    );
    assert.deepEqual(found, [
      [2, 'good@x.example', undefined],
      [3, 'Anna@Voorbeeld.Example', '!taken'],
      [4, 'GOOD@x.example', '!twice'],
      [5, 'no-at-sign', '!userPrincipalName:not-a-name'],
      [
        6,
        'phone@x.example',
        '!language role groups state enabled password:too-short mail:not-an-address mobilePhone:not-a-number',
      ],
      [7, 'short@x.example', '!columns'],
      [8, 'long@x.example', '!columns'],
      [9, '', '!quote-not-closed'],
    ]);
  });

  it('moves states as a file says, whoever wrote it: Excel, Windows, a Dutch colleague', async () => {
    const bram = await hall.person({ userPrincipalName: 'bram@x.example' });
    const text =
      'Username,MFA Status\r\nanna@voorbeeld.example,Disabled\r\nBRAM@X.example,Enabled\r\n';
    const ways: readonly (string | Buffer)[] = [
      text,
      `\uFEFF${text}`,
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      text.replaceAll(',', ';').replaceAll('\r\n', '\n'),
      'sep=;\r\n"Gebruikersnaam";"Status"\r\nanna@voorbeeld.example;Uitgeschakeld\r\nbram@x.example;ingeschakeld',
      'Status\tGebruikersnaam\nuitgeschakeld\tanna@voorbeeld.example\nIngeschakeld\tbram@x.example\n',
    ];
    for (const file of ways) {
      await hall.stores.users.change(anna.id, { perUserMfaState: 'enforced' });
      await hall.stores.users.change(bram.id, { perUserMfaState: 'enforced' });
      await doIt('states', file);
      const states = [await named('anna@voorbeeld.example'), await named('bram@x.example')];
      assert.deepEqual(
        states.map((user) => user?.perUserMfaState),
        ['disabled', 'enabled'],
      );
    }
  });

  it('names those it does not know, and those who stand in it twice', async () => {
    const found = await faultsOf(
      'states',
      'user name,state\nnobody@x.example,enabled\nanna@voorbeeld.example,enabled\nanna@voorbeeld.example,disabled\n,enabled\n',
    );
    assert.deepEqual(found, [
      [2, 'nobody@x.example', '!unknown'],
      [3, 'anna@voorbeeld.example', undefined],
      [4, 'anna@voorbeeld.example', '!twice'],
      [5, '', '!unknown'],
    ]);
  });

  it('is refused as a whole where a column is missing, is there twice, or it is no table', async () => {
    assert.deepEqual(await read('states', 'name,mail\nx,y\n'), {
      kind: 'refused',
      why: 'missing',
      columns: ['userPrincipalName', 'perUserMfaState'],
    });
    assert.deepEqual(await read('import', 'upn,naam,display name\n'), {
      kind: 'refused',
      why: 'twice',
      columns: ['displayName'],
    });
    assert.deepEqual(await read('import', ''), { kind: 'refused', why: 'empty' });
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 10, 0, 0]);
    assert.notEqual((await read('import', picture)).kind, 'read');
    assert.deepEqual(await hall.jobs.list(), [], 'nothing is left of it');
  });

  it('writes nothing that a spreadsheet runs, and reads back what was written', async () => {
    const evil = await hall.person({
      userPrincipalName: 'evil@x.example',
      displayName: '=HYPERLINK("https://evil.example")',
      groups: ['@sum', 'staff'],
      businessPhone: '+31201234567',
      businessPhoneExtension: '88',
      mobilePhone: '+31612345678',
    });
    const line = csvLine(exportedLine(evil, { yes: 'yes', no: 'no' }));
    assert.ok(line.includes(`"'=HYPERLINK(""https://evil.example"")"`), line);
    const records = [];
    for await (const record of readCsv([Buffer.from(line)])) records.push(record);
    const [record] = records;
    assert.ok(record?.fault === undefined);
    assert.equal(record?.fields[1], '=HYPERLINK("https://evil.example")');
    const copied = `${csvLine(exportedColumns)}${line.replace('evil@x.example', 'copy@x.example')}`;
    await doIt('import', copied);
    const copy = await named('copy@x.example');
    assert.deepEqual(
      [
        copy?.displayName,
        copy?.groups,
        copy?.businessPhone,
        copy?.businessPhoneExtension,
        copy?.mobilePhone,
      ],
      [evil.displayName, evil.groups, '+31201234567', '88', '+31612345678'],
    );
  });

  it('holds a hundred thousand lines, in little memory', { timeout: 110_000 }, async () => {
    const lines = 100_000;
    const pieces = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('user name,name,groups\n');
      for (let from = 0; from < lines; from += 1_000) {
        const some = Array.from(
          { length: 1_000 },
          (_, index) => `p${from + index}@voorbeeld.example,Person ${from + index},staff\n`,
        );
        yield Buffer.from(some.join(''));
      }
    };
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const draft = await readUserFile(
      {
        jobs: hall.jobs,
        users: hall.stores.users,
        administration: hall.administration,
        policies: hall.policies,
        random: systemRandom,
      },
      { kind: 'import', pieces: pieces(), by: 'command-line' },
    );
    assert.equal(draft.kind, 'read');
    assert.equal((await hall.jobs.look(draft.job))?.tally.open, lines);
    globalThis.gc?.();
    const grown = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
    assert.ok(grown < 200, `${Math.round(grown)} MB`);
  });
});
