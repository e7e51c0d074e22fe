/** Owns the controls of the network itself: how each channel misbehaves, and what time it is. */
import type { MessageKind } from '../../delivery/message.ts';
import type { ChannelFault, Fault } from '../../delivery/providers/simulator/network.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { button } from '../../ui/components/button.ts';
import { field, selectField } from '../../ui/components/field.ts';
import { hiddenFields, type View } from './view.ts';

const channels: readonly MessageKind[] = ['text', 'call', 'mail', 'push'];
const faults: readonly Fault[] = ['none', 'down', 'slow', 'error', 'duplicate'];

/** A form for each channel, and one for the clock. */
export function networkView(
  current: Readonly<Record<MessageKind, ChannelFault>>,
  view: View,
): SafeHtml {
  return html`<div class="network">${channels.map((channel) => channelForm(channel, current[channel], view))}${clockForm(
    view,
  )}</div>`;
}

function channelForm(channel: MessageKind, current: ChannelFault, view: View): SafeHtml {
  const words = view.words.faults;
  const { locale } = view;
  return html`<form class="network-form" method="post" action="/simulator/faults">${hiddenFields(
    view,
    'network',
  )}<input type="hidden" name="channel" value="${channel}">${selectField({
    locale,
    name: 'fault',
    id: `fault-${channel}`,
    label: words.channel[channel],
    value: current.fault,
    options: faults.map((fault) => ({ value: fault, label: words.fault[fault] })),
  })}${field({
    locale,
    name: 'ms',
    id: `ms-${channel}`,
    label: words.milliseconds,
    inputmode: 'numeric',
    width: 'short',
    value: String(current.milliseconds === 0 ? 5_000 : current.milliseconds),
  })}${button({ label: words.apply, about: words.applyTo(words.channel[channel]) })}</form>`;
}

function clockForm(view: View): SafeHtml {
  const words = view.words.faults;
  const { locale, now } = view;
  return html`<form class="network-form" method="post" action="/simulator/clock">${hiddenFields(
    view,
    'network',
  )}<p><strong>${words.clock}</strong><br>${words.now(formatDateTime(now, locale))}</p>${field({
    locale,
    name: 'advanceSeconds',
    label: words.advance,
    inputmode: 'numeric',
    width: 'short',
    value: '31',
  })}${button({ label: words.move })}</form>`;
}
