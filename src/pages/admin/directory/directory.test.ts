import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import {
  newDirectory,
  toldGroup,
  toldPerson,
  type ToldDirectory,
} from '../../../../test/support/told-directory.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';
import type { User } from '../../../accounts/user.ts';
import {
  createDirectorySync,
  type DirectorySync,
} from '../../../administration/directory/directory.ts';
import { TweestapError } from '../../../errors/errors.ts';

describe('the pages of the directory', () => {
  let pages: Pages;
  let directory: ToldDirectory;
  let sync: DirectorySync;
  let admin: User;
  let visitor: Visitor;

  const signsIn = async (): Promise<void> => {
    admin = await pages.person({
      userPrincipalName: 'admin@voorbeeld.example',
      role: 'global-admin',
      preferredLanguage: 'en',
    });
    await pages.app(admin);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: admin.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  };
  beforeEach(async () => {
    const made = newDirectory();
    ({ directory } = made);
    pages = await startPages({}, (hall) => {
      sync = createDirectorySync({
        ...hall.parts,
        stores: hall.stores,
        transact: hall.database.transact,
        source: made.source,
        rules: {
          minutes: 15,
          safetyCatch: { share: 0.2, atLeast: 5 },
          links: false,
          newState: 'disabled',
        },
        report: () => {},
      });
      const urls = ['ldaps://dc1.voorbeeld.example'];
      return { sync, settings: { urls, kind: 'active-directory', baseDn: 'dc=voorbeeld' } };
    });
    await signsIn();
  });
  afterEach(() => pages.close());

  const become = async (role: User['role']): Promise<void> => {
    await pages.stores.users.change(admin.id, { role });
  };

  it('tell where it is and when it is asked next, before there was one', async () => {
    await visitor.open('/admin/directory');
    assert.match(visitor.page.text, /dc1\.voorbeeld\.example/);
    assert.match(visitor.page.text, /Active Directory/);
    assert.match(visitor.page.text, /There was none yet/);
    assert.match(visitor.page.text, /every 15 minutes/);
  });

  it('begin one, show how far it is, and what came of it', async () => {
    directory.people = [toldPerson('bram'), toldPerson('chris')];
    await visitor.open('/admin/directory');
    await visitor.press('Synchronise now');
    assert.match(visitor.page.text, /begins at once/);
    assert.match(visitor.page.text, /0 read/);
    assert.doesNotMatch(visitor.page.text, /Synchronise now/);
    const asked: { readonly step: string } = JSON.parse(
      (await visitor.ask('/admin/directory/status')).body,
    );
    await sync.work();
    const after: { readonly step: string } = JSON.parse(
      (await visitor.ask('/admin/directory/status')).body,
    );
    assert.notEqual(after.step, asked.step);
    await visitor.open('/admin/directory');
    assert.match(visitor.page.text, /Accounts added\s*2/);
    assert.match(visitor.page.text, /Everybody in the directory has an account/);
  });

  it('say why it could not be read, and when it could last', async () => {
    directory.people = [toldPerson('bram')];
    await sync.work();
    directory.before = () => {
      throw new TweestapError('UPSTREAM_UNAVAILABLE', {
        details: { reason: 'connection refused' },
      });
    };
    pages.clock.advanceSeconds(900);
    await sync.work();
    await visitor.open('/admin/directory');
    assert.match(visitor.page.text, /could not be read to its end/);
    assert.match(visitor.page.text, /connection refused/);
    assert.match(visitor.page.text, /Last read to its end/);
  });

  it('ask before so many are switched off, of whoever owns the organisation alone', async () => {
    const people = Array.from({ length: 10 }, (_, index) => toldPerson(`p${index}`));
    directory.people = people;
    await sync.work();
    directory.people = people.slice(0, 3);
    pages.clock.advanceSeconds(900);
    await sync.work();
    await become('help-desk');
    await visitor.open('/admin/directory');
    assert.match(visitor.page.text, /7 of 10 accounts would be switched off at once/);
    assert.doesNotMatch(visitor.page.text, /Look and confirm|Synchronise now/);
    await become('global-admin');
    await visitor.open('/admin/directory');
    await visitor.follow('Look and confirm');
    // The second step was a while ago.
    await visitor.press('Verify', { code: pages.appCode() });
    assert.match(visitor.page.heading, /Switch off 7 accounts\?/);
    await visitor.press('Switch them off');
    assert.match(visitor.page.text, /begins at once/);
    await sync.work();
    const off = await pages.stores.users.search({ text: '', switchedOff: true, limit: 20 });
    assert.equal(off.length, 7);
    await visitor.open('/admin/directory/confirm');
    assert.match(visitor.page.text, /nothing to confirm/);
  });

  it('list who is in conflict, and give an account away, or take it back', async () => {
    const bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram Bakker',
    });
    directory.people = [
      toldPerson('bram', { displayName: 'B. Bakker', telephoneNumber: 'ask the porter' }),
    ];
    await sync.work();
    await visitor.open('/admin/directory');
    assert.match(visitor.page.text, /An account that was made here has this user name/);
    assert.match(visitor.page.text, /Office phone cannot be used/);
    await visitor.follow('Give the account to the directory bram@voorbeeld.example');
    assert.match(visitor.page.text, /uid=bram,ou=people,dc=x/, 'whose account it is to be');
    await visitor.press('Give it to the directory');
    assert.equal(visitor.page.heading, 'Bram Bakker');
    assert.match(visitor.page.text, /uid=bram,ou=people,dc=x/);
    await sync.work();
    assert.equal((await pages.stores.users.find(bram.id))?.displayName, 'B. Bakker');
    await visitor.open(`/admin/users/${bram.id}/directory`);
    await visitor.press('Take it back');
    assert.equal((await pages.stores.users.find(bram.id))?.upstream, undefined);
  });

  it('list all who are in conflict, page after page, however long their names are', async () => {
    directory.people = Array.from({ length: 120 }, (_, index) => {
      const uid = `p${String(index).padStart(3, '0')}`;
      // Nobody has a user name, so that they are known by where they stand.
      const dn = `uid=${uid},${'ou=Zuid-Hollandse Eilanden,'.repeat(20)}dc=x`;
      return toldPerson(uid, { userPrincipalName: undefined, dn, id: `${uid}-${'x'.repeat(120)}` });
    });
    await sync.work();
    await visitor.open('/admin/directory');
    const seen: string[] = [];
    for (let page = 0; page < 3; page += 1) {
      if (page > 0) await visitor.follow('Next page');
      seen.push(...(visitor.page.text.match(/uid=p\d{3}/g) ?? []));
    }
    assert.equal(new Set(seen).size, 120);
  });

  it('give a group away that was here before', async () => {
    const bram = toldPerson('bram');
    await pages.person({ userPrincipalName: 'els@voorbeeld.example', groups: ['Pilot'] });
    directory.people = [bram];
    directory.groups = [toldGroup('Pilot', bram)];
    await sync.work();
    await visitor.open('/admin/directory');
    await visitor.follow('Give it to the directory Pilot');
    assert.match(visitor.page.heading, /Give the group Pilot/);
    await visitor.press('Give it to the directory');
    assert.match(visitor.page.text, /belongs to the directory from the next/);
    await sync.work();
    const found = await pages.stores.users.findByName('bram@voorbeeld.example');
    assert.deepEqual(found?.groups, ['Pilot']);
  });

  it('leave nothing to type of what the directory owns, and the rest to be changed', async () => {
    const bram = toldPerson('bram', { telephoneNumber: '+31 20 123 4500 x12' });
    directory.people = [bram];
    directory.groups = [toldGroup('Sales', bram)];
    await sync.work();
    const { id = '' } = (await pages.stores.users.findByName('bram@voorbeeld.example')) ?? {};
    await visitor.open(`/admin/users/${id}`);
    assert.doesNotMatch(visitor.page.text, /Switch off|Set a temporary password/);
    await visitor.open(`/admin/users/${id}/edit`);
    assert.match(visitor.page.text, /The directory owns this/);
    await visitor.press('Save', { otherMail: 'bram@home.example', preferredLanguage: 'nl' });
    const changed = await pages.stores.users.find(id);
    assert.deepEqual(
      [changed?.otherMail, changed?.preferredLanguage, changed?.businessPhoneExtension],
      ['bram@home.example', 'nl', '12'],
    );
    await visitor.open(`/admin/users/${id}/groups`);
    assert.match(visitor.page.text, /leave them there: Sales/);
    await visitor.press('Save', { groups: 'Pilot' });
    assert.match(visitor.page.text, /changed in the directory/);
  });
});

describe('the page of the directory, where none is connected', () => {
  it('tells how to connect one', async () => {
    const pages = await startPages();
    try {
      const admin = await pages.person({ role: 'reports-reader' });
      await pages.app(admin);
      const visitor = newVisitor(pages.server);
      await visitor.open('/sign-in');
      await visitor.press('Next', { name: admin.userPrincipalName });
      await visitor.press('Sign in', { password });
      await visitor.press('Verify', { code: pages.appCode() });
      await visitor.open('/admin/directory');
      assert.match(visitor.page.text, /No directory is connected/);
      assert.match(
        visitor.page.text,
        /do not start it again yet.*sync --dry-run.*Start Tweestap again: it synchronises at once/,
        'whoever looks first does so before the service does it',
      );
      assert.match(visitor.page.text, /TWEESTAP_UPSTREAM_URL/);
      assert.match(visitor.page.text, /docs\/connecting\/directory\.md/);
    } finally {
      await pages.close();
    }
  });
});
