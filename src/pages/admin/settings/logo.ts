/**
 * Owns the pages of the logo: a picture is chosen, shown as it would look, and kept. Until then it is
 * nowhere but in that page.
 */
import { z } from 'zod';

import { seeOther, sendPage } from '../../../http/answer.ts';
import { form } from '../../../http/parse.ts';
import { upload } from '../../../http/upload.ts';
import { imageAddress, imageIn, rasterImage } from '../../../lib/raster-image.ts';
import { byOf, type Open } from '../guard.ts';
import { logoFormPage, logoPreviewPage } from './logo-page.ts';
import { logoPath } from './path.ts';
import type { SettingsParts } from './saving.ts';
import { withValues } from './sent.ts';

/** In bytes: a logo of 28 px height needs a tenth of it, and every page loads it. */
const largestLogo = 32 * 1024;

const sentFile = z.object({ logo: upload.optional() });
const keptLogo = z.object({ logo: z.string().default('') });

/** Registers the pages. */
export function logoRoutes(open: Open, parts: SettingsParts): void {
  const { policies, governing } = parts;

  open('GET /admin/settings/logo', async (admin, _request, reply) => {
    const { logo } = (await policies.current()).organisation;
    return sendPage(reply, logoFormPage({ ...admin, logo }));
  });

  open('POST /admin/settings/logo', async (admin, request, reply) => {
    const { organisation } = await policies.current();
    const { logo: sent } = form(request, sentFile);
    const refuse = (refused: 'missing' | 'large' | 'other') =>
      sendPage(reply, logoFormPage({ ...admin, logo: organisation.logo, refused }), {
        status: 422,
      });
    if (sent === undefined) return refuse('missing');
    if (sent.bytes.length > largestLogo) return refuse('large');
    const image = rasterImage(sent.bytes);
    if (image === null) return refuse('other');
    const chosen = { ...organisation, logo: imageAddress(image) };
    return sendPage(reply, logoPreviewPage({ ...admin, organisation: chosen }));
  });

  // Its answer is a page: whoever loads that anew, or asks for it in another language, comes here.
  open('GET /admin/settings/logo/keep', async (_admin, _request, reply) =>
    seeOther(reply, logoPath),
  );

  open(
    'POST /admin/settings/logo/keep',
    async (admin, request, reply) => {
      const { logo } = form(request, keptLogo);
      const before = (await policies.current()).organisation.logo;
      if (logo !== '' && imageIn(logo) === null) {
        const page = logoFormPage({ ...admin, logo: before, refused: 'other' });
        return sendPage(reply, page, { status: 422 });
      }
      const kept = logo === '' ? undefined : logo;
      const changes = await governing.changePolicy(byOf(admin, request), (policy) =>
        withValues(policy, new Map([['organisation.logo', kept]])),
      );
      const done = changes.length === 0 ? undefined : { before };
      return sendPage(reply, logoFormPage({ ...admin, logo: kept, done }));
    },
    // What is sent there is chosen here.
    () => logoPath,
  );
}
