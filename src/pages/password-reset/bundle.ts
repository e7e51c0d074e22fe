/** Owns the list of what only these pages load. */
import type { Bundle } from '../../ui/assets.ts';

/** How the pages name it. */
export const passwordResetBundleName = 'password-reset';

/** The bundle, for `loadAssets`. */
export const passwordResetBundle: Bundle = {
  elements: [new URL('human-check.element.ts', import.meta.url)],
};
