/** Owns the mailbox: a list of mails, and the one that is open. */
import type { ArrivedMail } from '../../delivery/providers/simulator/network.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../../ui/attributes.ts';
import { emptyState } from '../../ui/components/list.ts';
import { pagePath, timeElement, type View } from './view.ts';

export interface Mailbox {
  /** Newest first. */
  readonly mails: readonly ArrivedMail[];
  readonly open: ArrivedMail | undefined;
  readonly asText: boolean;
}

/** Reading a mail shows it as its receiver would see it: in a frame that can do nothing. */
export function mailboxView(mailbox: Mailbox, view: View): SafeHtml {
  const { words } = view;
  const { mails, open } = mailbox;
  if (mails.length === 0) {
    return html`<div class="mailbox" id="mails" data-part>${emptyState({
      title: words.noMail,
      icon: 'email',
      body: words.noMailBody,
    })}</div>`;
  }
  return html`<div class="mailbox" id="mails" data-part><ol class="mail-list" id="mail-list" tabindex="0" aria-label="${words.mails}">${mails.map(
    (mail) => row(mail, open, view),
  )}</ol>${open === undefined ? undefined : reading(open, mailbox, view)}</div>`;
}

function row(mail: ArrivedMail, open: ArrivedMail | undefined, view: View): SafeHtml {
  const pairs = attributes({
    href: pagePath(view, { mail: mail.id, anchor: 'mailbox' }),
    'aria-current': mail.id === open?.id ? 'true' : undefined,
  });
  return html`<li><a${pairs}><span class="mail-to">${mail.to}</span> <span class="meta">${timeElement(
    mail.at,
    view.locale,
  )}</span> <span class="mail-subject" lang="${mail.language}">${mail.subject}</span></a></li>`;
}

function reading(mail: ArrivedMail, { asText }: Mailbox, view: View): SafeHtml {
  const { words, locale } = view;
  const way = (label: string, text: boolean): SafeHtml =>
    html`<a${attributes({
      href: pagePath(view, {
        mail: mail.id,
        anchor: 'mailbox',
        ...(text ? { as: 'text' } : {}),
      }),
      'aria-current': text === asText ? 'true' : undefined,
    })}>${label}</a>`;
  const body = asText
    ? html`<pre class="mail-text" lang="${mail.language}" tabindex="0">${mail.text}</pre>`
    : html`<iframe class="mail-page" src="/simulator/mails/${mail.id}" title="${words.mailFrame}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
  return html`<article class="mail" aria-labelledby="mail-subject"><h3 id="mail-subject" lang="${mail.language}">${mail.subject}</h3><dl class="mail-head"><dt>${words.from}</dt><dd>${mail.from}</dd><dt>${words.to}</dt><dd>${mail.to}</dd><dt>${words.received}</dt><dd>${formatDateTime(
    mail.at,
    locale,
  )}</dd></dl><p class="mail-ways">${way(words.asPage, false)}${way(words.asText, true)}</p>${body}</article>`;
}

/** The mail as a document of its own; links open beside the simulator, never in the frame. */
export function mailDocument(mail: ArrivedMail): string {
  const base = '<base target="_blank">';
  const head = /<head[^>]*>/i;
  return head.test(mail.html)
    ? mail.html.replace(head, (found) => `${found}${base}`)
    : `<!doctype html><html lang="${mail.language}"><head><meta charset="utf-8">${base}</head><body>${mail.html}</body></html>`;
}
