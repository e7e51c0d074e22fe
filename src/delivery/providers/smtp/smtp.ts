/**
 * Owns handing mail to a mail server (RFC 5321, by nodemailer). A refusal of the receiver or of the
 * mail is final; everything else (no connection, no encryption, no sign-in, "try later") may be
 * tried again while the mail is worth sending, since an operator may set it right in the meantime.
 */
import type { Transporter } from 'nodemailer';

import { TweestapError } from '../../../errors/errors.ts';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import type { QueuedMessage, Receipt } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { deliveryRefused } from '../../refusal.ts';
import { createAccessTokens } from './access-token.ts';
import type { SmtpSettings } from './settings.ts';

const name = 'smtp';

/** How long one step of the conversation with the server may take. */
const stepMilliseconds = 8_000;

/** A provider of mail that talks to one server. Connects when there is something to send. */
export function smtpProvider(settings: SmtpSettings, clock: Clock = systemClock): Provider {
  const { oauth } = settings;
  const tokens = oauth === undefined ? undefined : createAccessTokens(oauth, clock);
  // Most installations send a mail a day: what it takes to write one is not loaded before.
  let kept:
    | { readonly token: string | undefined; readonly transport: Promise<Transporter> }
    | undefined;

  /** Does something with a transport that is signed in; a token that is not taken is tried anew, once. */
  async function use<result>(
    signal: AbortSignal,
    act: (transport: Transporter) => Promise<result>,
    isAgain = false,
  ): Promise<result> {
    const token = await tokens?.current(signal);
    if (kept === undefined || kept.token !== token) {
      kept = { token, transport: createTransport(settings, token) };
    }
    const transport = await kept.transport;
    try {
      return await act(transport);
    } catch (error) {
      if (tokens !== undefined && token !== undefined && facts(error).code === 'EAUTH') {
        tokens.forget(token);
        if (!isAgain) return use(signal, act, true);
      }
      throw refusal(error);
    }
  }

  return {
    name,
    kinds: ['mail'],
    send: (queued, signal) => use(signal, (transport) => send(transport, settings, queued, signal)),
    check: async () => {
      await use(AbortSignal.timeout(stepMilliseconds), (transport) => transport.verify());
    },
  };
}

async function createTransport(
  settings: SmtpSettings,
  accessToken: string | undefined,
): Promise<Transporter> {
  const { default: nodemailer } = await import('nodemailer');
  const { host, port, security, user, password, authorities } = settings;
  return nodemailer.createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(authorities === undefined ? {} : { ca: authorities }) },
    ...authOf(user, password, accessToken),
    connectionTimeout: stepMilliseconds,
    greetingTimeout: stepMilliseconds,
    socketTimeout: stepMilliseconds,
    dnsTimeout: stepMilliseconds,
    // A mail is made of what we give it, never of files or addresses that its text may name.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function authOf(
  user: string | undefined,
  password: string | undefined,
  accessToken: string | undefined,
) {
  if (user === undefined) return {};
  if (accessToken !== undefined) {
    return { auth: { type: 'OAuth2' as const, user, accessToken } };
  }
  return password === undefined ? {} : { auth: { user, pass: password } };
}

async function send(
  transport: Transporter,
  settings: SmtpSettings,
  { id, message }: QueuedMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  if (message.kind !== 'mail') {
    const fault = `a ${message.kind} is no mail`;
    throw deliveryRefused({ retry: false, reason: 'refused', fault });
  }
  const reference = `${id}@${settings.from.slice(settings.from.lastIndexOf('@') + 1)}`;
  await transport.sendMail({
    from: { name: settings.fromName ?? '', address: settings.from },
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.text,
    html: message.html,
    // The same mail sent again is the same mail to whoever sorts it.
    messageId: `<${reference}>`,
    headers: {
      'Content-Language': message.language,
      // RFC 3834: no out-of-office answers to us.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    signal,
  });
  return { provider: name, reference };
}

function refusal(error: unknown): Error {
  if (error instanceof TweestapError) return error;
  const { code, command, responseCode } = facts(error);
  // What a server says of a receiver or a mail is about that mail; of a sender, about our settings.
  const isAboutTheMail = command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE';
  const isFinal = responseCode !== undefined && responseCode >= 500 && isAboutTheMail;
  // An address that nobody can send to is refused by nodemailer before it asks anyone.
  const isNoAddress = code === 'EENVELOPE' && responseCode === undefined;
  const told = [code, command, responseCode].filter((fact) => fact !== undefined).join(' ');
  return deliveryRefused(
    isFinal || isNoAddress
      ? { retry: false, reason: 'refused', fault: `the mail server refused it: ${told}` }
      : {
          retry: true,
          reason: 'unreachable',
          fault: `the mail server did not take it: ${told}`,
          // Later, it says of this mail alone: one who is asked by a stranger often does.
          ...(isAboutTheMail && responseCode !== undefined ? { isAboutMessage: true } : {}),
          // How far it had got then, nobody says.
          ...(code === 'EABORT' ? { isUnsure: true } : {}),
        },
    error,
  );
}

/** What nodemailer notes on its errors. Its messages quote addresses, so they stay in the cause. */
function facts(error: unknown): {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
} {
  if (!(error instanceof Error)) return {};
  const code = 'code' in error ? error.code : undefined;
  const command = 'command' in error ? error.command : undefined;
  const responseCode = 'responseCode' in error ? error.responseCode : undefined;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof command === 'string' ? { command } : {}),
    ...(typeof responseCode === 'number' ? { responseCode } : {}),
  };
}
