/** Owns the list of what only these pages load. */
import type { Bundle } from '../../ui/assets.ts';

/** The bundle `registration`, for `loadAssets`. */
export const registrationBundle: Bundle = {
  styles: [new URL('registration.css', import.meta.url)],
};
