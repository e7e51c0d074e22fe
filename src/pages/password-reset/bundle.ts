/** Owns the list of what only these pages load. */
import type { Bundle } from '../../ui/assets.ts';

/** How the pages name it. */
export const passwordResetBundleName = 'password-reset';

/** The bundle, for `loadAssets`. */
export const passwordResetBundle: Bundle = {
  elements: ['human-check', 'password-strength'].map(
    (name) => new URL(`${name}.element.ts`, import.meta.url),
  ),
};
