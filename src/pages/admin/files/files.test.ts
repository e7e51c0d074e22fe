import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Role, User } from '../../../accounts/user.ts';
import { testOrigin } from '../../../../test/support/http-server.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('people from a file, and into one', () => {
  let pages: Pages;
  let anna: User;
  let bram: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'authentication-admin' });
    bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: '=Bram',
      groups: ['staff'],
    });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const work = async (): Promise<void> => {
    for (let slices = 0; await pages.jobs.work({ link: '' }); slices += 1) assert.ok(slices < 100);
  };
  const becomes = async (role: Role): Promise<void> => {
    await pages.stores.users.change(anna.id, { role });
  };
  const fileOf = (text: string) => ({ file: { name: 'people.csv', text } });

  it('reads no file from whoever may not do what the address is for', async () => {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const send = async (url: string): Promise<number> => {
      const headers = {
        host: new URL(testOrigin).host,
        origin: testOrigin,
        cookie,
        'content-type': 'multipart/form-data; boundary=b',
      };
      const part = 'content-disposition: form-data; name="file"; filename="people.csv"';
      const payload = `--b\r\n${part}\r\n\r\nUser name\r\n--b--\r\n`;
      const sent = { method: 'POST', url, headers, payload } as const;
      return (await pages.server.inject(sent)).statusCode;
    };
    assert.equal(await send('/admin/users/import'), 403, 'read, and refused without its token');
    await becomes('reports-reader');
    assert.equal(await send('/admin/users/import'), 415, 'not read');
    await becomes('help-desk');
    assert.equal(await send('/admin/tokens/import'), 415, 'not read');
  });

  it('adds accounts after showing every line’s fault, and tells the passwords once', async () => {
    await visitor.open('/admin/users');
    await visitor.follow('Users from a file');
    await visitor.press(
      'Read the file',
      fileOf(
        [
          'User name,Name,Mobile phone,Cost centre',
          'nina@voorbeeld.example,Nina Smit,06 1234 5678,1',
          'bram@voorbeeld.example,Bram,,2',
          'omar@voorbeeld.example,Omar,12,3',
        ].join('\r\n'),
      ),
    );
    assert.equal(visitor.page.heading, 'Users from a file');
    assert.match(visitor.page.text, /1 line can be done\. Nothing has been done yet\./);
    assert.match(visitor.page.text, /not understood, and left out: Cost centre/);
    assert.match(
      visitor.page.text,
      /3 bram@voorbeeld\.example Somebody has this user name already/,
    );
    assert.match(
      visitor.page.text,
      /4 omar@voorbeeld\.example Mobile phone: this is no phone number/,
    );
    assert.equal(await pages.stores.users.count(), 2);
    await visitor.press('Do it');
    await work();
    await visitor.open(visitor.page.path);
    assert.match(visitor.page.text, /Done for 1 of 3/);
    assert.match(visitor.page.text, /Something is wrong with the line 2/);
    const nina = await pages.stores.users.findByName('nina@voorbeeld.example');
    assert.equal(nina?.mobilePhone, '+31612345678');
    const { path } = visitor.page;
    await visitor.press('Fetch the passwords');
    assert.match(visitor.page.html, /\r\nnina@voorbeeld\.example,\S{12,}\r\n/);
    await visitor.open(path);
    assert.doesNotMatch(visitor.page.text, /Fetch the passwords/);
    assert.match(
      (await visitor.ask(`${path}/result.csv`)).body,
      /\r\n2,nina@voorbeeld\.example,Done\r\n/,
    );
  });

  it('comes back to what was read after a fresh proof, and does it then', async () => {
    await visitor.open('/admin/users/import');
    await visitor.press('Read the file', fileOf('User name\r\nnina@voorbeeld.example'));
    const { path } = visitor.page;
    pages.clock.advanceSeconds(301);
    await visitor.press('Do it');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.path, path);
    assert.match(visitor.page.text, /1 line can be done\. Nothing has been done yet\./);
    await visitor.press('Do it');
    await work();
    assert.ok(await pages.stores.users.findByName('nina@voorbeeld.example'));
  });

  it('takes a file that is longer than any other form may be', async () => {
    await visitor.open('/admin/users/import');
    const lines = Array.from(
      { length: 4_000 },
      (_, i) => `p${i}@voorbeeld.example,Person ${i},staff`,
    );
    await visitor.press('Read the file', fileOf(['upn,name,groups', ...lines].join('\n')));
    assert.match(visitor.page.text, /4,000 lines can be done/);
  });

  it('moves states, from a file or from lines that were pasted', async () => {
    await visitor.open('/admin/users/states');
    await visitor.press('Read the file', {
      lines:
        'Gebruikersnaam;Status\nbram@voorbeeld.example;Uitgeschakeld\nniemand@x.example;Ingeschakeld\n',
    });
    assert.match(visitor.page.text, /niemand@x\.example There is nobody with this user name/);
    await visitor.press('Do it');
    await work();
    assert.equal((await pages.stores.users.find(bram.id))?.perUserMfaState, 'disabled');
  });

  it('says what is wrong with the whole of it', async () => {
    await visitor.open('/admin/users/states');
    await visitor.press('Read the file');
    assert.match(visitor.page.text, /Choose a file, or paste its lines/);
    await visitor.press('Read the file', fileOf('name,mail\nx,y\n'));
    assert.match(visitor.page.text, /and does not: User name, State\. Add them/);
    await visitor.press('Read the file', { ...fileOf('a'), lines: 'b' });
    assert.match(visitor.page.text, /not both/);
    assert.deepEqual(await pages.jobs.list(), []);
  });

  it('is begun by whoever sent it, and by nobody else', async () => {
    await visitor.open('/admin/users/states');
    await visitor.press('Read the file', fileOf('upn,state\nbram@voorbeeld.example,disabled\n'));
    const { path } = visitor.page;
    const cas = await pages.person({ role: 'global-admin', userPrincipalName: 'cas@x.example' });
    await pages.app(cas);
    pages.clock.advanceSeconds(31);
    const other = newVisitor(pages.server);
    await other.open('/sign-in');
    await other.press('Next', { name: cas.userPrincipalName });
    await other.press('Sign in', { password });
    await other.press('Verify', { code: pages.appCode() });
    await other.open(path);
    assert.match(other.page.text, /Whoever sent the file can begin it/);
    assert.deepEqual(
      other.buttons().filter((label) => label === 'Do it'),
      [],
    );
  });

  it('gives the list as a table that an import reads again, and that no spreadsheet runs', async () => {
    const { body } = await visitor.ask('/admin/users/export?group=staff');
    assert.equal(
      body,
      '\uFEFFUser name,Name,Mailbox,Other mail address,Mobile phone,Office phone,Language,Role,Groups,State,May sign in\r\n' +
        "bram@voorbeeld.example,'=Bram,anna@voorbeeld.example,,,,,user,staff,enforced,yes\r\n",
    );
    const [exported] = await pages.stores.audit.list({ limit: 1 });
    assert.deepEqual([exported?.kind, exported?.actor], ['people-exported', anna.id]);
  });

  it('shows by an example how it is written, which it understands', async () => {
    for (const kind of ['import', 'states'] as const) {
      const { body } = await visitor.ask(`/admin/users/${kind}/example.csv`);
      await visitor.open(`/admin/users/${kind}`);
      await visitor.press('Read the file', fileOf(body));
      assert.match(
        visitor.page.text,
        kind === 'import' ? /1 line can be done/ : /There is nobody with this user name/,
      );
    }
  });

  it('is for those who may add people, or move states', async () => {
    await becomes('help-desk');
    await visitor.open('/admin/users');
    assert.doesNotMatch(visitor.page.text, /from a file/);
    assert.match(visitor.page.text, /Export these users/);
  });
});
