/**
 * Owns what providers tell us that the operator described (`delivery.http`): at
 * `/webhooks/http/NAME/status` what became of a text, at `/webhooks/http/NAME/replies` what somebody sent
 * back. An address is there only where the settings say what is told at it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { proofFault } from '../../delivery/providers/http/proof.ts';
import { replyIn, reportSecrets, statusIn } from '../../delivery/providers/http/report.ts';
import type { HttpReportSettings } from '../../delivery/providers/http/report-settings.ts';
import type { HttpProviderSettings } from '../../delivery/providers/http/settings.ts';
import { TweestapError } from '../../errors/errors.ts';
import { parseFields } from '../../http/form-encoding.ts';
import { params } from '../../http/parse.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Hearing } from './hearing.ts';
import { bytesOf, jsonOf, reportTypes } from './raw-body.ts';

export interface HttpWebhookParts {
  /** By the names of the operator's. */
  readonly providers: Readonly<Record<string, HttpProviderSettings>>;
  /** Our public origin, which may be signed. */
  readonly origin: string;
}

const address = z.object({ name: z.string().max(40) });

/** The two addresses, on a scope that is a `rawDoor` for JSON and forms. */
export function httpWebhooks(
  app: FastifyInstance,
  hearing: Hearing,
  { providers, origin, clock }: HttpWebhookParts & { readonly clock: Clock },
): void {
  /** Whose report it is, if it is told such things at all; `NOT_FOUND` of every other. */
  const settingsOf = <part extends 'status' | 'replies'>(
    request: FastifyRequest,
    part: part,
  ): {
    readonly name: string;
    readonly reports: HttpReportSettings;
    readonly settings: HttpProviderSettings;
    readonly places: NonNullable<HttpReportSettings[part]>;
  } => {
    const { name } = params(request, address);
    const settings = Object.hasOwn(providers, name) ? providers[name] : undefined;
    const places = settings?.reports?.[part];
    if (settings?.reports === undefined || places === undefined) {
      throw new TweestapError('NOT_FOUND');
    }
    return { name, settings, reports: settings.reports, places };
  };

  /** The report's body, once it is proved. */
  const read = (request: FastifyRequest, reports: HttpReportSettings): unknown => {
    const { headers, url } = request;
    const bytes = bytesOf(request);
    const given = { headers, url: `${origin}${url}`, body: bytes };
    const fault = proofFault(reports, reportSecrets(reports), given, clock.now());
    if (fault === 'missing') {
      throw new TweestapError('NOT_SIGNED_IN', { details: { part: 'proof' } });
    }
    if (fault !== undefined) throw new TweestapError('NOT_ALLOWED', { details: { part: fault } });
    if (headers['content-type']?.startsWith(reportTypes.form) !== true) return jsonOf(bytes);
    const fields = parseFields(bytes.toString('utf8'));
    if (fields === undefined) throw malformed();
    return fields;
  };

  app.post('/webhooks/http/:name/status', async (request) => {
    const { name: provider, settings, reports, places } = settingsOf(request, 'status');
    const report = statusIn(places, read(request, reports));
    if (report === null) throw malformed();
    // What we have no word for, such as that it waits somewhere, changes nothing.
    if (report === undefined) return {};
    const isOurs =
      settings.reference.json === undefined && settings.reference.matches === undefined;
    // Where it is called by our own id, its report may come before the answer to us, and is the receipt.
    await (isOurs
      ? hearing.of({ provider, messageId: report.reference, ...report })
      : hearing.about({ provider, ...report }));
    return {};
  });

  app.post('/webhooks/http/:name/replies', async (request) => {
    const { name: provider, reports, places } = settingsOf(request, 'replies');
    const report = replyIn(places, read(request, reports));
    if (report === null) throw malformed();
    const { eventId, from, text } = report;
    if (from !== undefined) await hearing.reply({ provider, eventId, from, text });
    return {};
  });
}

function malformed(): TweestapError {
  return new TweestapError('REQUEST_MALFORMED', { details: { part: 'body' } });
}
