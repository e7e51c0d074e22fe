/** Owns the page that answers what would happen if somebody signed in. */
import { z } from 'zod';

import type { Administration } from '../../../administration/administration.ts';
import { addressTyped, type Supposed, type WhatIf } from '../../../administration/what-if.ts';
import type { Applications } from '../../../applications/applications.ts';
import { sendPage } from '../../../http/answer.ts';
import { query } from '../../../http/parse.ts';
import { visitorOf } from '../../../http/site.ts';
import type { Policy } from '../../../policies/policy.ts';
import { deviceName } from '../../../signin/device-name.ts';
import { requiredWord } from '../applications/list-page.ts';
import type { AdminGuardParts, Open } from '../guard.ts';
import { whatIfPage, type AskedWhatIf, type Target, type WhatIfView } from './what-if-page.ts';

export interface WhatIfPageParts extends AdminGuardParts {
  readonly administration: Pick<Administration, 'find'>;
  readonly whatIf: (supposed: Supposed) => Promise<WhatIf>;
  readonly connected: {
    readonly applications: Pick<Applications, 'list'>;
    readonly sites: readonly string[];
  };
}

const text = z.string().max(320).default('').catch('');
const asked = z.object({
  person: z.string().max(320).optional().catch(''),
  application: text,
  address: text,
  device: text,
});

/** Registers the page. */
export function whatIfRoutes(open: Open, parts: WhatIfPageParts): void {
  const { stores, administration, policies, connected, clock } = parts;

  open('GET /admin/what-if', async (admin, request, reply) => {
    const { person, ...rest } = query(request, asked);
    const typed: AskedWhatIf = { person: person ?? '', ...rest };
    const policy = await policies.current();
    const targets = await targetsIn(policy);
    const { address: ownAddress } = visitorOf(request);
    const isAsked = typed.person.trim() !== '';
    const user = isAsked ? await administration.find(typed.person) : undefined;
    const address = addressTyped(typed.address === '' ? ownAddress : typed.address);
    const devices =
      user === undefined ? [] : await stores.trustedDevices.list(user.id, clock.now());
    const supposed: Supposed | undefined =
      user === undefined || address === undefined
        ? undefined
        : {
            user,
            address,
            application: targets.find(({ id }) => id === typed.application),
            trustedDevice: devices.find(({ id }) => id === typed.device)?.id,
          };
    const view: WhatIfView = {
      ...admin,
      asked: typed,
      targets,
      ownAddress,
      user,
      devices: devices.map((device) => ({
        device,
        name: deviceName(device.userAgent, admin.frame.locale),
      })),
      fault: !isAsked
        ? person === undefined
          ? undefined
          : 'missing'
        : user === undefined
          ? 'nobody'
          : address === undefined
            ? 'no-address'
            : undefined,
      answer: supposed === undefined ? undefined : await parts.whatIf(supposed),
      requiredWord: (required) =>
        requiredWord({ frame: admin.frame, strengths: strengthsIn(policy) }, required),
    };
    return sendPage(reply, whatIfPage(view), { status: view.fault === undefined ? 200 : 422 });
  });

  /** Applications that people open, and the sites behind a proxy. */
  async function targetsIn(policy: Policy): Promise<readonly Target[]> {
    const applications = (await connected.applications.list()).filter(
      ({ role }) => role === undefined,
    );
    return [
      ...applications.map(({ clientId, name, required }) => ({ id: clientId, name, required })),
      ...connected.sites.map((site) => ({
        id: site,
        name: new URL(site).host,
        required: policy.sites.find((one) => one.site === site)?.required ?? 'password',
      })),
    ];
  }
}

function strengthsIn({ strengths }: Policy): Readonly<Record<string, string>> {
  return Object.fromEntries(strengths.map(({ id, name }) => [id, name]));
}
