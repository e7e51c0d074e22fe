/** Owns how a setting's value and its faults are told in words. */
import { countryName, formatList, formatNumber } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { questionText } from '../../../methods/security-questions/questions.ts';
import { wordFor } from '../words.ts';
import type { SettingField } from './fields.ts';
import type { SettingFault } from './sent.ts';
import { wordsOfSetting } from './setting-words.ts';
import { wordsIn } from './words.ts';

const fewLines = 6;

/** A value as one reads it: `On`, `14 days`, `10.0.0.0/8 and fd00::/8`. */
export function valueTold({ path, shape }: SettingField, value: unknown, locale: Locale): string {
  const words = wordsIn(locale);
  if (shape.kind === 'yes-no') return value === true ? words.on : words.off;
  if (value === undefined || value === '') return words.notSet;
  if (Array.isArray(value)) {
    if (value.length === 0) return words.none;
    const told = value.map((each) => choiceTold(path, String(each), locale));
    return told.length > fewLines ? words.lines(told.length) : formatList(told, locale);
  }
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  if (shape.kind === 'price') return priceWritten(String(value), locale);
  const { unit } = wordsOfSetting(path, locale);
  const plain =
    typeof value === 'number' && shape.kind === 'number'
      ? formatNumber(value, locale)
      : choiceTold(path, String(value), locale);
  return unit === undefined ? plain : `${plain} ${unit}`;
}

/** A price as it is typed in this language: every digit that was typed, `0.080` or `0,080`. */
export function priceWritten(price: string, locale: Locale): string {
  const point = formatNumber(0.5, locale).replaceAll(/\d/g, '');
  return price.replace('.', point);
}

/** The label of one choice. */
export function choiceTold(path: string, value: string, locale: Locale): string {
  const { values } = wordsOfSetting(path, locale);
  if (values !== undefined) return wordFor(values, value, value);
  if (path === 'methods.security-questions.settings.withheld') return questionText(value, locale);
  if (path === 'organisation.country' || path === 'delivery.countries') {
    return countryName(value, locale);
  }
  return path === 'reset.methods' ? methodName(value, locale) : value;
}

/** What a method is called here. */
export function methodName(id: string, locale: Locale): string {
  const { methods } = wordsIn(locale);
  return wordFor(methods, id, methods.other);
}

/** Settings by name, those of one part together: `Sessions (…, …)`. `paths` as the audit log names them. */
export function settingsTold(paths: readonly string[], locale: Locale): readonly string[] {
  const parts = Map.groupBy(paths, (path) => partOf(path, locale));
  return [...parts].flatMap(([part, all]) => {
    const labels = all.map((path) => wordsOfSetting(path, locale).label);
    if (part === undefined) return labels;
    const further = labels.filter((label) => label !== part);
    return [further.length === 0 ? part : `${part} (${further.join(', ')})`];
  });
}

/** The part that a setting stands in: of a method, which one. Undefined for what is in none by now. */
function partOf(path: string, locale: Locale): string | undefined {
  const [head = '', id = ''] = path.split('.');
  if (head === 'methods') return methodName(id, locale);
  const { sections } = wordsIn(locale);
  return Object.hasOwn(sections, head) ? wordFor(sections, head, head) : undefined;
}

/** What is wrong and what to do, in the words of the setting where it has some. */
export function faultTold(fault: SettingFault, field: SettingField, locale: Locale): string {
  const { faults } = wordsIn(locale);
  const { wrong } = wordsOfSetting(field.path, locale);
  const { shape } = field;
  const told = (value: number): string => formatNumber(value, locale);
  switch (fault.reason) {
    case 'number': {
      if (shape.kind !== 'number') return faults.number;
      const { from, to, isWhole } = shape;
      if (isWhole && from !== undefined && to === undefined) return faults.wholeFrom(told(from));
      if (from === undefined || to === undefined) return isWhole ? faults.whole : faults.number;
      return (isWhole ? faults.wholeBetween : faults.between)(told(from), told(to));
    }
    case 'lines':
      return faults.lines(fault.lines ?? []);
    case 'many':
      return shape.kind === 'lines' && shape.most !== undefined
        ? faults.many(told(shape.most))
        : faults.refused;
    case 'long':
      return (
        wrong ??
        (shape.kind === 'text' && shape.longest !== undefined
          ? faults.long(told(shape.longest))
          : faults.refused)
      );
    case 'empty':
      return wrong ?? faults.empty;
    case 'choice':
      return wrong ?? faults.choice;
    case 'refused':
      return wrong ?? faults.refused;
  }
}

/** The bounds of a number, and what stands behind it. */
export function boundsTold({ shape }: SettingField, locale: Locale): string | undefined {
  if (shape.kind !== 'number') return undefined;
  const { bounds } = wordsIn(locale);
  const { from, to } = shape;
  if (from !== undefined && to !== undefined) {
    return bounds.between(formatNumber(from, locale), formatNumber(to, locale));
  }
  if (from !== undefined) return bounds.from(formatNumber(from, locale));
  return to === undefined ? undefined : bounds.to(formatNumber(to, locale));
}
