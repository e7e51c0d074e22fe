/** Owns the pages of hardware tokens: what there is, whose it is, and how more come in. */
import { z } from 'zod';

import type { User } from '../../../accounts/user.ts';
import type { Administration } from '../../../administration/administration.ts';
import type { HardwareTokens } from '../../../administration/hardware-tokens/hardware-tokens.ts';
import type { Activation } from '../../../administration/hardware-tokens/token-codes.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import { upload } from '../../../http/upload.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import { appSecret } from '../../../methods/authenticator-app.ts';
import { canonicalSerialNumber, tokenStatuses } from '../../../registrations/hardware-token.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { importPage } from './import-page.ts';
import { tokenListPage, type AskedTokens, type ListedToken } from './list-page.ts';
import { tokenPath, tokensPath } from './path.ts';
import {
  openActs,
  tokenActPage,
  tokenPage,
  type TokenActId,
  type TokenRefusal,
} from './token-page.ts';
import { wordsIn } from './words.ts';

export interface TokenPageParts extends AdminGuardParts {
  readonly administration: Administration;
  readonly hardwareTokens: HardwareTokens;
}

const perPage = 50;
const acts = ['assign', 'activate', 'resync', 'unassign', 'remove'] as const;
const asked = z.object({
  text: z.string().max(100).default('').catch(''),
  status: z.enum(tokenStatuses).optional().catch(undefined),
  after: z.string().max(200).optional().catch(undefined),
  done: z.literal('remove').optional().catch(undefined),
});
const done = z.object({
  done: z.enum(['assign', 'activate', 'resync', 'unassign']).optional().catch(undefined),
});
const sentFile = z.object({
  file: upload.optional(),
  password: z.string().max(256).default(''),
  what: z.enum(['check', 'import']).default('check'),
});
const typedFields = z.object({
  person: z.string().max(1_000).default(''),
  code: z.string().max(100).default(''),
  first: z.string().max(100).default(''),
  second: z.string().max(100).default(''),
});
const address = z.object({ token: z.string().max(100) });

/** Registers the pages. */
export function tokenRoutes(open: Open, parts: TokenPageParts): void {
  const { stores, administration, hardwareTokens, clock } = parts;

  const ownerIn = async (assignedTo: string | undefined): Promise<User | undefined> =>
    assignedTo === undefined ? undefined : stores.users.find(assignedTo);
  const listedAt = async (request: Parameters<typeof params>[0]): Promise<ListedToken> => {
    const token = await stores.hardwareTokens.find(params(request, address).token);
    if (token === undefined) throw new TweestapError('NOT_FOUND');
    return { token, owner: await ownerIn(token.assignedTo) };
  };

  open('GET /admin/tokens', async (admin, request, reply) => {
    const { text, status, after, done: isDone } = query(request, asked);
    const search: AskedTokens = { text: text.trim(), status, after };
    const found = await stores.hardwareTokens.search({
      serialNumber: canonicalSerialNumber(search.text),
      status,
      after,
      limit: perPage + 1,
    });
    const tokens = found.slice(0, perPage);
    const page = tokenListPage({
      ...admin,
      asked: search,
      tokens: await Promise.all(
        tokens.map(async (token) => ({ token, owner: await ownerIn(token.assignedTo) })),
      ),
      counts: await stores.hardwareTokens.count(),
      next: found.length > perPage ? tokens.at(-1)?.serialNumber : undefined,
      now: clock.now(),
      isRemoved: isDone === 'remove',
    });
    return sendPage(reply, page);
  });

  open('GET /admin/tokens/import', async (admin, _request, reply) =>
    sendPage(reply, importPage(admin)),
  );

  open('POST /admin/tokens/import', async (admin, request, reply) => {
    const { file, password, what } = form(request, sentFile);
    if (file === undefined) {
      return sendPage(reply, importPage({ ...admin, isMissing: true }), { status: 422 });
    }
    const isTrial = what === 'check';
    const options = { isTrial, password: password === '' ? undefined : password };
    const came = await hardwareTokens.importFile(file.bytes, options, byOf(admin, request));
    const result = { done: came, isTrial, fileName: plainFileName(file.fileName) };
    const status = came.fault === undefined ? 200 : 422;
    return sendPage(reply, importPage({ ...admin, result }), { status });
  });

  open('GET /admin/tokens/:token', async (admin, request, reply) => {
    const listed = await listedAt(request);
    const { registrationId } = listed.token;
    const registration =
      registrationId === undefined ? undefined : await stores.registrations.find(registrationId);
    const secret = appSecret.safeParse(registration?.secret);
    return sendPage(
      reply,
      tokenPage({
        ...admin,
        listed,
        now: clock.now(),
        drift: secret.success ? secret.data.drift : undefined,
        done: query(request, done).done,
      }),
    );
  });

  for (const act of acts) {
    open(`GET /admin/tokens/:token/${act}`, async (admin, request, reply) => {
      const listed = await listedAt(request);
      // An act that makes no sense any more: the token itself says where it stands.
      if (!openActs(listed).includes(act)) return seeOther(reply, tokenPath(listed.token.id));
      return sendPage(reply, tokenActPage({ ...admin, listed, act }));
    });

    open(`POST /admin/tokens/:token/${act}`, async (admin, request, reply) => {
      const listed = await listedAt(request);
      const typed = form(request, typedFields);
      const refused = await run(admin, act, listed, typed, byOf(admin, request));
      if (refused !== undefined) {
        const view = { ...admin, listed, act, refused, typed: typed.person };
        return sendPage(reply, tokenActPage(view), { status: 422 });
      }
      const path = act === 'remove' ? tokensPath : tokenPath(listed.token.id);
      return seeOther(reply, `${path}?done=${act}`);
    });
  }

  /** Does it; resolves to why not. */
  async function run(
    { frame }: Admin,
    act: TokenActId,
    { token }: ListedToken,
    typed: z.infer<typeof typedFields>,
    by: ReturnType<typeof byOf>,
  ): Promise<TokenRefusal | undefined> {
    const { refused } = wordsIn(frame.locale);
    const told = (
      came: Activation,
      field: TokenRefusal['field'],
      wrong: string,
    ): TokenRefusal | undefined => {
      switch (came.kind) {
        case 'activated':
          return undefined;
        case 'wrong':
          return { field, message: wrong };
        case 'paused':
          return { field, message: refused.paused(formatDateTime(came.untilAt, frame.locale)) };
        case 'full':
        case 'gone':
          return { field: undefined, message: refused[came.kind] };
      }
    };
    switch (act) {
      case 'assign': {
        const user = await administration.find(typed.person);
        if (user === undefined) return { field: 'person', message: refused.nobody };
        try {
          const isAssigned = await hardwareTokens.assign(token.id, user.id, by);
          return isAssigned ? undefined : { field: undefined, message: refused.taken };
        } catch (error) {
          const reason = reasonOf(error);
          if (reason === undefined) throw error;
          return { field: 'person', message: refused[reason] };
        }
      }
      case 'activate':
        return told(await hardwareTokens.activate(token.id, typed.code, by), 'code', refused.wrong);
      case 'resync':
        return told(
          await hardwareTokens.resynchronise(token.id, typed, by),
          'first',
          refused.wrongPair,
        );
      case 'unassign':
        return (await hardwareTokens.unassign(token.id, by))
          ? undefined
          : { field: undefined, message: refused.gone };
      case 'remove':
        return (await hardwareTokens.remove(token.id, by))
          ? undefined
          : { field: undefined, message: refused.gone };
    }
  }
}

/** Why an account is out of reach, where that is what an act failed of. */
function reasonOf(error: unknown): 'above' | 'self' | undefined {
  if (!(error instanceof TweestapError) || error.code !== 'NOT_ALLOWED') return undefined;
  const reason = error.details['reason'];
  return reason === 'above' || reason === 'self' ? reason : undefined;
}

/** A file's name as it may stand in another's: letters, digits and little else. */
function plainFileName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_').slice(-80) || 'tokens.csv';
}
