/** Owns drawing one setting: as a field that takes it, or as a fact for whoever only looks. */
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { checkbox, checkboxes, radioTiles } from '../../../ui/components/choice.ts';
import { field, fieldId, selectField, textArea } from '../../../ui/components/field.ts';
import type { Fact } from '../../../ui/components/list.ts';
import type { SettingField } from './fields.ts';
import { boxName, type Sent } from './sent.ts';
import { wordsOf } from './setting-words.ts';
import { wordsIn } from './words.ts';
import { boundsTold, choiceTold, priceWritten, valueTold } from './told.ts';
import { pricePattern } from '../../../policies/policy-schema.ts';

export interface DrawOptions {
  readonly locale: Locale;
  /** What stands in the form. */
  readonly sent: Sent;
  readonly error: string | undefined;
  /** Said beside the help of the setting. */
  readonly note?: string | undefined;
}

const fewChoices = 5;

/** The id of the field that a fault of this setting links to. */
export function settingId(path: string): string {
  return fieldId(path);
}

/** The field of a setting. */
export function drawSetting(setting: SettingField, options: DrawOptions): SafeHtml {
  const { path, shape, isOptional } = setting;
  const { locale, sent, error } = options;
  const words = wordsOf(setting, locale);
  const hint = joined(words.help, boundsTold(setting, locale), options.note);
  const base = {
    locale,
    name: path,
    id: settingId(path),
    label: words.label,
    hint,
    error,
  } as const;
  const value = sent[path] ?? '';
  switch (shape.kind) {
    case 'yes-no':
      return checkbox({ name: path, id: base.id, label: words.label, hint, checked: path in sent });
    case 'choice':
      return drawChoice(setting, shape.values.map(String), options, base);
    case 'number':
      return field({
        ...base,
        value,
        optional: isOptional,
        suffix: words.unit,
        inputmode: shape.isWhole ? 'numeric' : 'decimal',
        width: 'short',
        autocomplete: 'off',
        maxlength: 20,
      });
    case 'price':
      return field({
        ...base,
        value: pricePattern.test(value) ? priceWritten(value, locale) : value,
        optional: isOptional,
        inputmode: 'decimal',
        width: 'short',
        autocomplete: 'off',
        maxlength: 20,
      });
    case 'text':
      return field({
        ...base,
        value,
        optional: isOptional,
        autocomplete: 'off',
        ...(shape.longest === undefined ? {} : { maxlength: shape.longest }),
        ...(shape.longest !== undefined && shape.longest <= 40 ? { width: 'medium' as const } : {}),
      });
    case 'lines':
      return textArea({ ...base, value, mayBeEmpty: true, rows: rowsFor(value) });
    case 'name':
      return shape.known.length === 0
        ? field({ ...base, value, optional: isOptional, autocomplete: 'off' })
        : selectField({
            ...base,
            value,
            prompt: wordsIn(locale).notSet,
            mayBeEmpty: isOptional,
            width: 'medium',
            // One that is gone meanwhile stays chosen until somebody chooses another.
            options: [...new Set([...shape.known, value])]
              .filter((name) => name !== '')
              .map((name) => ({ value: name, label: name })),
          });
    case 'names':
      return drawNames(path, shape.known, options, base);
    case 'several':
      return checkboxes({
        locale,
        name: path,
        id: base.id,
        legend: words.label,
        hint,
        error,
        options: shape.values.map((each) => ({
          name: boxName(path, each),
          label: choiceTold(path, each, locale),
          checked: boxName(path, each) in sent,
        })),
      });
    case 'other':
      return html``;
  }
}

/** The setting for whoever only looks. */
export function settingFact(setting: SettingField, value: unknown, locale: Locale): Fact {
  return {
    term: wordsOf(setting, locale).label,
    value: valueTold(setting, value, locale),
  };
}

/** Those that are known to choose from, and a field for others. */
function drawNames(
  path: string,
  known: readonly string[],
  { locale, sent }: DrawOptions,
  base: Parameters<typeof field>[0],
): SafeHtml {
  const value = sent[path] ?? '';
  if (known.length === 0) return textArea({ ...base, value, mayBeEmpty: true, rows: 3 });
  const words = wordsIn(locale).names;
  const { name, label, hint, error } = base;
  return html`${checkboxes({
    locale,
    name,
    id: `${settingId(path)}-known`,
    legend: label,
    hint,
    options: known.map((each) => ({
      name: boxName(path, each),
      label: each,
      checked: boxName(path, each) in sent,
    })),
  })}${textArea({
    locale,
    name,
    id: settingId(path),
    label: words.others(label),
    hint: words.othersHint,
    error,
    value,
    mayBeEmpty: true,
    rows: 3,
  })}`;
}

function drawChoice(
  { path }: SettingField,
  values: readonly string[],
  { locale, sent }: DrawOptions,
  base: Parameters<typeof field>[0],
): SafeHtml {
  const value = sent[path] ?? '';
  const named = values.map((each) => ({ value: each, label: choiceTold(path, each, locale) }));
  const isLong = values.length > fewChoices;
  const options = isLong
    ? named.toSorted((one, other) => one.label.localeCompare(other.label, locale))
    : named;
  if (isLong) {
    return selectField({ ...base, options, value, width: 'medium' });
  }
  const { name, id, label, hint, error } = base;
  return radioTiles({
    locale,
    name,
    id,
    legend: label,
    hint,
    error,
    look: 'plain',
    value,
    options,
  });
}

function rowsFor(text: string): number {
  return Math.min(Math.max(text.split('\n').length + 1, 4), 16);
}

function joined(...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}
