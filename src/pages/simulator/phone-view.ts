/**
 * Owns how a telephone looks: a mobile with its thread, its ringing screen and its keypad; a desk
 * telephone with its display. Both work without script: every key is a button of a form.
 */
import type { ArrivedCall } from '../../delivery/providers/simulator/network.ts';
import { formatInternational } from '../../lib/phone-number.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes, joined } from '../../ui/attributes.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import type { Phone, PhoneEntry } from './phones.ts';
import { hiddenFields, timeElement, timeOfDay, type View } from './view.ts';

/** A telephone, whole. Its id is an anchor, and names the part that is replaced when it changes. */
export function phoneView(phone: Phone, view: View): SafeHtml {
  const { words } = view;
  const { id, kind, owner, number, extension, call } = phone;
  const plain = owner === undefined ? unowned(phone, view) : owner.displayName;
  return html`<article${attributes({
    class: joined('phone', kind, call !== undefined && call.call.phase),
    id,
    'data-part': true,
    'aria-labelledby': `${id}-name`,
  })}><header class="plate"><h3 id="${id}-name">${plain}</h3><p>${
    owner === undefined ? undefined : html`${kind === 'mobile' ? words.mobile : words.office} · `
  }<span class="number">${formatInternational(number)}</span>${
    extension === undefined ? undefined : html` · ${words.extension(extension)}`
  }</p></header>${kind === 'mobile' ? mobile(phone, view) : desk(phone, view)}</article>`;
}

/** What is said of a phone elsewhere on the page: whose it is, and which. */
export function phoneName({ owner, kind, number, extension }: Phone, { words }: View): string {
  if (owner === undefined) return formatInternational(number, extension);
  return kind === 'mobile' ? words.mobileOf(owner.displayName) : words.officeOf(owner.displayName);
}

function unowned({ kind }: Phone, { words }: View): string {
  return kind === 'mobile' ? words.otherMobile : words.otherOffice;
}

function mobile(phone: Phone, view: View): SafeHtml {
  const { call } = phone;
  const screen =
    call === undefined
      ? html`${thread(phone, view)}${replyForm(phone, view)}`
      : call.call.phase === 'ringing'
        ? ringing(phone, call, view)
        : conversation(phone, call, view);
  return html`<div class="device"><div class="screen"><div class="status-bar" aria-hidden="true"><span>${timeOfDay(
    view.now,
    view.locale,
  )}</span>${signal}</div>${screen}</div></div>`;
}

function desk(phone: Phone, view: View): SafeHtml {
  const { call } = phone;
  const { words } = view;
  const display =
    call === undefined
      ? html`<p>${timeOfDay(view.now, view.locale)}</p><p>${words.ready}</p>`
      : html`<p>${call.call.phase === 'ringing' ? words.incoming : words.inCall}</p><p>${formatInternational(call.from)}</p>`;
  const below =
    call === undefined
      ? undefined
      : call.call.phase === 'ringing'
        ? ringingActions(phone, call, view)
        : html`${captions(phone, call, view)}${round(phone, call, view, 'hangup', view.words.hangUp)}`;
  return html`<div class="device"><div class="handset" aria-hidden="true"></div><div class="desk"><div class="display"><span class="lamp" aria-hidden="true"></span>${display}</div>${below}${keypad(
    phone,
    call?.call.phase === 'answered' ? call : undefined,
    view,
  )}</div></div>${pastOf(phone).length === 0 ? undefined : thread(phone, view)}`;
}

// Reception and battery, as every phone shows them.
const signal = html`<svg viewBox="0 0 44 12" width="44" height="12"><path d="M1 9h2v2H1zM5 7h2v4H5zM9 4h2v7H9zM13 1h2v10h-2z" fill="currentColor"/><rect x="22.5" y="1.5" width="18" height="9" rx="2.5" fill="none" stroke="currentColor"/><rect x="24" y="3" width="12" height="6" rx="1" fill="currentColor"/><path d="M42 4v4" stroke="currentColor" stroke-width="1.5"/></svg>`;

function thread(phone: Phone, view: View): SafeHtml {
  const { words } = view;
  const { id } = phone;
  const entries = pastOf(phone);
  if (entries.length === 0) {
    return html`<div class="thread blank" id="${id}-thread"><p>${words.nothingYet}</p></div>`;
  }
  // Can be scrolled, so it can be reached by keyboard.
  return html`<ol${attributes({
    class: 'thread',
    id: `${id}-thread`,
    tabindex: 0,
    'aria-label': words.thread(phoneName(phone, view)),
  })}>${entries.map((entry) => threadEntry(entry, view))}</ol>`;
}

/** What is over; a call that rings or is under way is shown by the telephone itself. */
function pastOf({ entries }: Phone): readonly PhoneEntry[] {
  return entries.filter((entry) => entry.kind !== 'call' || entry.call.call.end !== undefined);
}

function threadEntry(entry: PhoneEntry, view: View): SafeHtml {
  const { words, locale } = view;
  const time = timeElement(entry.at, locale);
  switch (entry.kind) {
    case 'text': {
      const { text, language, from, status } = entry.text;
      const note = status === 'undelivered' ? html`<p class="note">${words.undelivered}</p>` : '';
      return html`<li class="${status === 'undelivered' ? 'received lost' : 'received'}"><p class="meta">${formatInternational(
        from,
      )} · ${time}</p><p class="bubble" lang="${language}">${text}</p>${note}</li>`;
    }
    case 'reply':
      return html`<li class="replied"><p class="meta"><span class="hidden">${words.sent} </span>${time}</p><p class="bubble">${entry.reply.text}</p></li>`;
    case 'call': {
      const { id, call, language } = entry.call;
      const how = call.end === undefined ? words.inCall : words.ends[call.end];
      const head = html`${icon('phone-call')}<span>${words.call} · ${time} · ${how}</span>`;
      if (call.spoken.length === 0)
        return html`<li class="called"><p class="meta">${head}</p></li>`;
      return html`<li class="called"><details id="${id}-spoken"><summary class="meta">${head}</summary>${
        call.dialled === undefined
          ? undefined
          : html`<p class="note">${words.dialled(call.dialled)}</p>`
      }${call.spoken.map((sentence) => html`<p lang="${language}">${sentence}</p>`)}</details></li>`;
    }
  }
}

function replyForm(phone: Phone, view: View): SafeHtml {
  const { words } = view;
  const { id, number } = phone;
  return html`<form class="reply" method="post" action="/simulator/texts">${hiddenFields(view, id)}<input type="hidden" name="from" value="${number}"><label class="hidden" for="${id}-reply">${words.replyTo(
    phoneName(phone, view),
  )}</label><input class="input" id="${id}-reply" name="text" autocomplete="off" maxlength="1600" placeholder="${words.reply}" required><button class="button primary compact" id="${id}-send">${words.send}</button></form>`;
}

function ringing(phone: Phone, call: ArrivedCall, view: View): SafeHtml {
  const { words } = view;
  return html`<div class="ringing-screen"><p>${words.incoming}</p><p class="caller">${formatInternational(
    call.from,
  )}</p>${ringingActions(phone, call, view)}</div>`;
}

function ringingActions(phone: Phone, call: ArrivedCall, view: View): SafeHtml {
  const { words } = view;
  return html`<div class="ring-actions">${round(phone, call, view, 'hangup', words.decline)}${round(
    phone,
    call,
    view,
    'voicemail',
    words.voicemail,
  )}${round(phone, call, view, 'answer', words.answer)}</div>`;
}

const looks = {
  answer: { look: 'accept', name: 'phone-call' },
  hangup: { look: 'decline', name: 'phone-call' },
  voicemail: { look: 'later', name: 'clock' },
} as const satisfies Readonly<Record<string, { readonly look: string; readonly name: IconName }>>;

/** One of the round buttons of a call, in a form of its own. */
function round(
  phone: Phone,
  call: ArrivedCall,
  view: View,
  action: keyof typeof looks,
  label: string,
): SafeHtml {
  const { look, name } = looks[action];
  return html`<form method="post" action="/simulator/calls/${call.id}/${action}">${hiddenFields(
    view,
    phone.id,
  )}<button class="round ${look}" id="${phone.id}-${action}"><span class="disc">${icon(
    name,
  )}</span><span>${label}</span></button></form>`;
}

function conversation(phone: Phone, call: ArrivedCall, view: View): SafeHtml {
  const { words } = view;
  return html`<div class="call-screen"><p>${words.inCall}</p><p class="caller">${formatInternational(
    call.from,
  )}</p>${captions(phone, call, view)}${keypad(phone, call, view)}${round(phone, call, view, 'hangup', view.words.hangUp)}</div>`;
}

/** What the call says, as captions; said by screen readers as it comes. */
function captions(phone: Phone, { call, language }: ArrivedCall, { words }: View): SafeHtml {
  return html`<div${attributes({
    class: 'captions',
    id: `${phone.id}-captions`,
    role: 'log',
    tabindex: 0,
    'aria-label': words.spoken,
    'data-focus': true,
  })}>${call.dialled === undefined ? undefined : html`<p class="note">${words.dialled(call.dialled)}</p>`}${call.spoken.map(
    (sentence) => html`<p lang="${language}">${sentence}</p>`,
  )}${call.typed === '' ? undefined : html`<p class="note">${words.typed([...call.typed].join(' '))}</p>`}</div>`;
}

const keys: readonly (readonly [key: string, letters: string])[] = [
  ['1', ''],
  ['2', 'abc'],
  ['3', 'def'],
  ['4', 'ghi'],
  ['5', 'jkl'],
  ['6', 'mno'],
  ['7', 'pqrs'],
  ['8', 'tuv'],
  ['9', 'wxyz'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

/** Twelve buttons; without a call they are there, as on any desk, and do nothing. */
function keypad(phone: Phone, call: ArrivedCall | undefined, view: View): SafeHtml {
  const { words } = view;
  const spokenNames: Readonly<Record<string, string>> = { '#': words.hashKey, '*': words.starKey };
  const drawn = keys.map(([key, letters]) => {
    const spoken = spokenNames[key];
    return html`<button${attributes({
      class: 'key',
      id: `${phone.id}-key-${key === '#' ? 'hash' : key === '*' ? 'star' : key}`,
      name: 'key',
      value: key,
      disabled: call === undefined,
    })}><span>${key}</span>${
      spoken === undefined ? undefined : html`<span class="hidden"> ${spoken}</span>`
    }${letters === '' ? undefined : html`<small aria-hidden="true">${letters}</small>`}</button>`;
  });
  const action = call === undefined ? '/simulator' : `/simulator/calls/${call.id}/press`;
  const off = call === undefined ? html`<p class="note">${words.keypadOff}</p>` : undefined;
  return html`<form class="keypad" method="post" action="${action}" aria-label="${words.keypad}: ${phoneName(phone, view)}">${hiddenFields(
    view,
    phone.id,
  )}<div class="keys">${drawn}</div>${off}</form>`;
}
