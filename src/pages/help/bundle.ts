/** Owns the list of what only the Help page loads. */
import type { Bundle } from '../../ui/assets.ts';

/** The bundle `help`, for `loadAssets`. */
export const helpBundle: Bundle = {
  styles: [new URL('help.css', import.meta.url)],
};
