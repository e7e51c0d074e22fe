/** Owns the field that asks how an app is to be used: for notifications, or for codes (rows S-030, S-032). */
import type { Locale } from '../../i18n/locale.ts';
import type { SafeHtml } from '../../lib/html.ts';
import { radioTiles, type RadioTile } from '../../ui/components/choice.ts';
import { errorsOf, type Filled, type NotAllowed } from './phone-fields.ts';
import { appUses, type AppUse, type Possible } from './ways.ts';
import { wordsIn } from './words.ts';

/** The choice, with what each asks of its owner; the first that is allowed is chosen unless told. */
export function appField(
  locale: Locale,
  { appUse }: Possible,
  filled: Filled,
  notAllowed: NotAllowed = 'greyed',
): SafeHtml {
  const words = wordsIn(locale);
  const tile = (use: AppUse): RadioTile => {
    const standing = appUse[use];
    return {
      value: use,
      ...words.contact.appUses[use],
      icon: icons[use],
      disabledReason: standing === 'allowed' ? undefined : words.methodReasons[standing],
    };
  };
  const shown = appUses.filter((use) => notAllowed === 'greyed' || appUse[use] === 'allowed');
  return radioTiles({
    locale,
    name: 'appUse',
    legend: words.contact.app,
    options: shown.map(tile),
    value: filled.typed?.appUse || appUses.find((use) => appUse[use] === 'allowed'),
    error: errorsOf(locale, filled).appUse,
  });
}

const icons = { notification: 'notification', code: 'authenticator-code' } as const;
