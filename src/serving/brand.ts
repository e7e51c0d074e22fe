/** Owns how the organisation looks on every page: its name, its logo and its colour, as policy has them now. */
import type { Organisation } from '../http/site.ts';
import { helpBundle } from '../pages/help/bundle.ts';
import { createLogoUrl } from '../pages/logo.ts';
import { passwordResetBundle, passwordResetBundleName } from '../pages/password-reset/bundle.ts';
import { registrationBundle } from '../pages/registration/bundle.ts';
import { simulatorBundle, simulatorBundleName } from '../pages/simulator/bundle.ts';
import type { Policies } from '../policies/policies.ts';
import { loadAssets, type Assets } from '../ui/assets.ts';

export interface Brand {
  readonly assets: () => Assets;
  readonly organisation: () => Promise<Organisation>;
}

/** The organisation's name and colour, as policy has them now. */
export function createBrand(policies: Policies): Brand {
  const bundles = {
    help: helpBundle,
    [passwordResetBundleName]: passwordResetBundle,
    registration: registrationBundle,
    [simulatorBundleName]: simulatorBundle,
  };
  const logoUrl = createLogoUrl();
  let current: { readonly colour: string; readonly assets: Assets } | undefined;

  /** Pages that were shown in another colour still ask for their own files. */
  const load = (colour: string): Assets => {
    const loaded = loadAssets({ brandColour: colour, bundles });
    const earlier = current?.assets.files ?? new Map<string, never>();
    return { ...loaded, files: new Map([...earlier, ...loaded.files]) };
  };

  return {
    assets: () => {
      if (current === undefined) throw new Error('the organisation was not read yet');
      return current.assets;
    },
    organisation: async () => {
      const { organisation } = await policies.current();
      const { name, defaultLanguage, helpLink, logo, brandColour: colour } = organisation;
      if (current?.colour !== colour) current = { colour, assets: load(colour) };
      return { name, defaultLanguage, helpLink, logoUrl: logoUrl(logo) };
    },
  };
}
