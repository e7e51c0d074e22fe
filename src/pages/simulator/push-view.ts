/** Owns what woke the devices: a list, newest first. A push holds nothing that must not be seen. */
import type { ArrivedPush } from '../../delivery/providers/simulator/network.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { emptyState, itemList } from '../../ui/components/list.ts';
import { timeElement, type View } from './view.ts';

/** More than these nobody looks through; the API has them all. */
const shown = 10;

/** The newest pushes, of all devices: whose a device is, a push does not say. */
export function pushView(pushes: readonly ArrivedPush[], view: View): SafeHtml {
  const words = view.words.pushes;
  const list = pushes
    .slice(-shown)
    .toReversed()
    .map(({ to, at, text, service }) => ({
      icon: 'notification' as const,
      title: words.device(to),
      detail: html`${timeElement(at, view.locale)} · ${words.by(service)} · <code>${text}</code>`,
    }));
  const body =
    list.length === 0
      ? emptyState({ title: words.none, icon: 'notification', body: words.noneBody })
      : itemList(list);
  return html`<div class="pushes" id="push-list" data-part>${body}</div>`;
}
