import type { Bundle } from '../../ui/assets.ts';

/** The name under which the server loads the files of this page (`loadAssets`). */
export const simulatorBundleName = 'simulator';

/** What this page loads beside what every page loads. */
export const simulatorBundle: Bundle = {
  styles: [new URL('simulator.css', import.meta.url)],
  elements: [new URL('live-simulator.element.ts', import.meta.url)],
};
