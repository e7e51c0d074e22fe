/**
 * Owns handing texts to a provider of which we know nothing but what the operator wrote down: where a
 * request goes, what stands in it, and what its answer says (`template.ts` fills it in).
 */
import { readFileSync } from 'node:fs';

import {
  callProvider,
  jsonIn,
  refusalByStatus,
  unreadableAnswer,
  type HttpAnswer,
} from '../../http-call.ts';
import type { QueuedMessage, Receipt } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refuseIfPerhapsTaken, remembering } from '../../receipts.ts';
import { deliveryRefused, type Refusal } from '../../refusal.ts';
import { placeIn, textIn } from './place.ts';
import { shortestSecret } from './proof.ts';
import { reportSecrets } from './report.ts';
import type { HttpProviderSettings, Saying } from './settings.ts';
import { fillAddress, fillForm, fillHeader, fillJson, fillText, type Values } from './template.ts';

/**
 * A provider of texts. Its files are read for each message, so that a new secret needs no restart.
 * `timeoutMs`: for one request, 8,000 unless told.
 */
export function httpProvider(
  name: string,
  settings: HttpProviderSettings,
  timeoutMs?: number,
): Provider {
  const { authoritiesFile, idempotent, checkUrl } = settings;

  const ask = (
    template: string,
    values: Values,
    method: 'GET' | 'POST',
    body: Body | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> => {
    const url = fillAddress(template, values);
    if (url === undefined) {
      const fault = `${name} has no address for this message`;
      throw deliveryRefused({ retry: false, reason: 'refused', fault });
    }
    const headers = Object.entries(settings.headers).map(([key, value]): [string, string] => [
      key.toLowerCase(),
      fillHeader(value, values),
    ]);
    return callProvider({
      provider: name,
      url,
      method,
      headers: {
        accept: '*/*',
        ...(body === undefined ? {} : { 'content-type': body.type }),
        ...Object.fromEntries(headers),
      },
      ...(body === undefined ? {} : { body: body.content }),
      signal,
      ...(authoritiesFile === undefined ? {} : { authorities: readText(name, authoritiesFile) }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  };

  const send = async (queued: QueuedMessage, signal: AbortSignal): Promise<Receipt> => {
    const { message } = queued;
    if (message.kind !== 'text') {
      const fault = `a ${message.kind} is no text`;
      throw deliveryRefused({ retry: false, reason: 'refused', fault });
    }
    if (!idempotent) refuseIfPerhapsTaken(name, queued);
    const values = { ...secretValues(name, settings), ...valuesOf(queued) };
    const answer = await ask(
      settings.url,
      values,
      settings.method,
      bodyOf(settings, values),
      signal,
    );
    return { provider: name, reference: judge(name, settings, queued, answer) };
  };

  return {
    name,
    kinds: ['text'],
    send: remembering(send),
    check: async () => {
      tryReportSecrets(name, settings);
      const values = { ...secretValues(name, settings), ...nobody };
      const { signal } = new AbortController();
      // Without an address to ask, that somebody answers there is all that can be tried without a text.
      const answer = await ask(
        checkUrl ?? new URL(fillAddress(settings.url, values)?.origin ?? '').href,
        values,
        'GET',
        undefined,
        signal,
      );
      if (checkUrl === undefined || (answer.status >= 200 && answer.status < 300)) return;
      const fault = `${name} answered ${answer.status} to the check`;
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, new Error(fault));
    },
  };
}

/** What proves its reports is read when one comes: a file that cannot be would show only then. */
function tryReportSecrets(name: string, { reports }: HttpProviderSettings): void {
  if (reports === undefined) return;
  let secrets: readonly string[];
  try {
    secrets = reportSecrets(reports);
  } catch (error) {
    const fault = `the secret of what ${name} reports cannot be read`;
    throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, error);
  }
  if (secrets.some(({ length }) => length < shortestSecret)) {
    const fault = `the secret of what ${name} reports is shorter than ${shortestSecret} characters, and proves nothing`;
    throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, new Error(fault));
  }
}

interface Body {
  readonly type: string;
  readonly content: string;
}

function bodyOf(
  { json, form, text, contentType }: HttpProviderSettings,
  values: Values,
): Body | undefined {
  if (json !== undefined) {
    return { type: 'application/json', content: JSON.stringify(fillJson(json, values)) };
  }
  if (form !== undefined) {
    return { type: 'application/x-www-form-urlencoded', content: fillForm(form, values) };
  }
  return text === undefined
    ? undefined
    : { type: contentType, content: fillText(text, values, contentType) };
}

type SecretBlank = 'from' | 'secret' | 'secretBase64';

function secretValues(
  name: string,
  { from, secret: written, secretFile }: HttpProviderSettings,
): Pick<Values, SecretBlank> {
  const secret = written ?? (secretFile === undefined ? '' : readText(name, secretFile).trim());
  return { from, secret, secretBase64: Buffer.from(secret).toString('base64') };
}

function valuesOf({ id, message }: QueuedMessage): Omit<Values, SecretBlank> {
  const { to, language } = message;
  const body = message.kind === 'text' ? message.body : '';
  return { to, toDigits: to.replace(/^\+/, ''), body, id, language };
}

const nobody: Omit<Values, SecretBlank> = {
  to: '',
  toDigits: '',
  body: '',
  id: '',
  language: 'en',
};

/** What the provider calls the message; throws what it says against it. */
function judge(
  name: string,
  settings: HttpProviderSettings,
  { id }: QueuedMessage,
  answer: HttpAnswer,
): string {
  const { taken, refused, optedOut, reference } = settings;
  const fault = `${name} answered ${answer.status}`;
  if (optedOut !== undefined && says(answer, optedOut)) {
    throw deliveryRefused({ retry: false, reason: 'opted-out', fault });
  }
  if (says(answer, taken)) {
    const found = referenceIn(answer, reference);
    // It said yes: that it does not say what it calls it makes no second message of it.
    return found ?? id;
  }
  if (says(answer, refused)) throw deliveryRefused({ retry: false, reason: 'refused', fault });
  const byStatus = refusalByStatus(name, answer);
  throw deliveryRefused(byStatus === undefined ? unreadableAnswer(name) : ours(byStatus));
}

/** What is no word about the receiver is about us: it may be set right, or another may be asked. */
function ours(refusal: Refusal): Refusal {
  return refusal.retry ? refusal : { ...refusal, retry: true, reason: 'unreachable' };
}

function says(answer: HttpAnswer, { statuses, json, is, matches }: Saying): boolean {
  if (statuses !== undefined && !statuses.includes(answer.status)) return false;
  if (matches !== undefined && !new RegExp(matches, 'u').test(answer.text)) return false;
  if (json === undefined) return true;
  const said = jsonIn(answer);
  const found = placeIn(said, json);
  if (found === undefined || found === null) return false;
  if (is === undefined) return true;
  const text = textIn(said, json);
  return is.some((each) => String(each) === text);
}

function referenceIn(
  answer: HttpAnswer,
  { json, matches }: HttpProviderSettings['reference'],
): string | undefined {
  const found = json === undefined ? undefined : placeIn(jsonIn(answer), json);
  const text =
    typeof found === 'string' || typeof found === 'number'
      ? String(found)
      : matches === undefined
        ? undefined
        : new RegExp(matches, 'u').exec(answer.text)?.[1];
  return text === undefined || text === '' ? undefined : text.slice(0, longestReference);
}

const longestReference = 200;

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const fault = `${name} was not asked: ${path} cannot be read`;
    throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, error);
  }
}
