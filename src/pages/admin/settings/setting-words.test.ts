import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { locales } from '../../../i18n/locale.ts';
import { methods } from '../../../methods/registry.ts';
import { policySchema } from '../../../policies/policy-schema.ts';
import { entryFieldsOf, fieldsOf, type SettingField } from './fields.ts';
import { hasPage } from './groups.ts';
import { settingWords, wordsOfSetting } from './setting-words.ts';
import { methodName } from './told.ts';
import { wordsIn as portalWordsIn } from '../words.ts';
import { wordsIn } from './words.ts';

describe('the words of the settings', () => {
  const fields: readonly SettingField[] = [
    ...fieldsOf(policySchema).filter(({ path }) => path !== 'methods'),
    ...entryFieldsOf(policySchema, 'methods', '*').filter(({ shape }) => shape.kind !== 'other'),
    ...methods.flatMap(({ id, settings }) => fieldsOf(settings, `methods.${id}.settings`)),
  ];

  it('are there for every setting of the policy and of the methods, in every language', () => {
    for (const locale of locales) {
      const without = fields.filter(({ path }) => wordsOfSetting(path, locale).label === path);
      assert.deepEqual(
        without.map(({ path }) => path),
        [],
        locale,
      );
    }
  });

  it('name every choice, and a unit in both languages or in none', () => {
    for (const { path, shape } of fields) {
      for (const locale of locales) {
        const { values = {} } = wordsOfSetting(path, locale);
        const isFixed = shape.kind === 'choice' && !path.endsWith('.country');
        for (const value of isFixed ? shape.values : []) {
          assert.ok(Object.hasOwn(values, String(value)), `${path}: ${value} (${locale})`);
        }
      }
      const units = locales.map((locale) => wordsOfSetting(path, locale).unit === undefined);
      assert.equal(new Set(units).size, 1, path);
    }
  });

  it('are of settings that exist', () => {
    const known = new Set([
      ...fields.map(({ path }) => path),
      ...methods.map(({ id }) => `methods.${id}.enabled`),
    ]);
    for (const locale of locales) {
      const gone = Object.keys(settingWords[locale]).filter((path) => !known.has(path));
      assert.deepEqual(gone, [], locale);
    }
  });

  it('call no page as a section of the portal is called: each title is one page', () => {
    for (const locale of locales) {
      const sections = Object.values(portalWordsIn(locale).navigation);
      const titles = Object.values(wordsIn(locale).groups).map(({ title }) => title);
      assert.deepEqual(
        titles.filter((title) => sections.includes(title)),
        [],
        locale,
      );
    }
  });

  it('stand on a page: every part of the policy has one', () => {
    const keys = Object.keys(policySchema.shape);
    assert.deepEqual(
      keys.filter((key) => !hasPage(key)),
      [],
    );
  });

  it('name every method', () => {
    for (const locale of locales) {
      const named = methods.map(({ id }) => methodName(id, locale));
      assert.ok(!named.includes(wordsIn(locale).methods.other));
      assert.equal(new Set(named).size, methods.length);
    }
  });
});
