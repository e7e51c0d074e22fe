/** Owns scanning: the camera is asked for here and nowhere else, and let go when the screen closes. */
import type { App, Screen } from '../app/hand.ts';
import { element, fill } from '../ui/element.ts';
import { button } from '../ui/form.ts';
import { icon } from '../ui/icon.ts';
import { notice } from '../ui/notice.ts';
import { readScanned } from './link.ts';

export function scanScreen(app: App): Screen {
  const { words } = app;
  const said = words.scan;
  const video = element('video', { playsinline: true, muted: true, 'aria-label': said.preview });
  video.muted = true;
  const hint = element('p', { class: 'scan-hint', role: 'status' }, said.asking);
  const stage = element(
    'div',
    { class: 'stage' },
    video,
    element('span', { class: 'frame', 'aria-hidden': 'true' }),
  );
  const place = element('div', { class: 'stack' }, hint, stage);
  let stream: MediaStream | undefined;
  let isClosed = false;
  let foreign = '';

  const fail = (message: string): void => {
    fill(
      place,
      notice(
        'warning',
        element('p', {}, message),
        button(words.tryAgain, {
          style: 'secondary',
          press: () => {
            fill(place, hint, stage);
            void begin();
          },
        }),
      ),
    );
  };

  const begin = async (): Promise<void> => {
    hint.textContent = said.asking;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (isClosed) return;
      if (name === 'NotAllowedError' || name === 'SecurityError') fail(said.denied);
      else fail(name === 'NotFoundError' || name === 'TypeError' ? said.none : said.broken);
      return;
    }
    if (isClosed) return release();
    video.srcObject = stream;
    try {
      const [{ readFrames }] = await Promise.all([import('./scanner.ts'), video.play()]);
      if (isClosed) return;
      hint.textContent = said.aim;
      await readFrames(video, {
        isOver: () => isClosed,
        found: take,
      });
    } catch {
      if (isClosed) return;
      release();
      fail(said.broken);
    }
  };

  /** Whether this was what we looked for. */
  const take = (text: string): boolean => {
    const invitation = readScanned(text);
    if (invitation === null) {
      if (foreign !== text) {
        hint.textContent = /^otpauth:/i.test(text) ? said.counter : said.foreign;
      }
      foreign = text;
      return false;
    }
    release();
    navigator.vibrate?.(40);
    app.invite(invitation);
    return true;
  };

  const release = (): void => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
  };

  void begin();
  return {
    title: said.title,
    back: '#/add',
    body: [place],
    low: [
      element(
        'a',
        { class: 'button secondary wide', href: '#/add/manual' },
        icon('keyboard'),
        said.manual,
      ),
    ],
    close: () => {
      isClosed = true;
      release();
    },
  };
}
