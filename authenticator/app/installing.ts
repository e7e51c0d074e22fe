/** Owns knowing how this phone puts the app on its home screen, and asking for it. */
import type { InstallState } from './hand.ts';

/** Chromium's own event, which TypeScript does not know. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

export interface Installing {
  state(): InstallState;
  ask(): Promise<void>;
  /** Is told when the browser offers it, and when that is over. */
  onChange(listener: (can: boolean) => void): void;
}

/** Watches for the browser's offer from now on. */
export function watchInstalling(): Installing {
  let offer: InstallPromptEvent | undefined;
  let onChange: (can: boolean) => void = () => {};
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    if (isInstallPrompt(event)) offer = event;
    onChange(true);
  });
  addEventListener('appinstalled', () => {
    offer = undefined;
    onChange(false);
  });
  return {
    state: () => {
      if (matchMedia('(display-mode: standalone)').matches) return 'installed';
      if (isApple()) return isOnAppleHomeScreen() ? 'installed' : 'by-hand-ios';
      if (offer !== undefined) return 'askable';
      return /\bAndroid\b/.test(navigator.userAgent) ? 'by-hand' : 'none';
    },
    ask: async () => {
      await offer?.prompt();
      offer = undefined;
      onChange(false);
    },
    onChange: (listener) => {
      onChange = listener;
    },
  };
}

function isInstallPrompt(event: Event): event is InstallPromptEvent {
  return 'prompt' in event && typeof event.prompt === 'function';
}

/** An iPad calls itself a Mac, but has fingers. */
function isApple(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /\biP(?:hone|ad|od)\b/.test(userAgent) || (/\bMac/.test(userAgent) && maxTouchPoints > 1);
}

function isOnAppleHomeScreen(): boolean {
  return 'standalone' in navigator && navigator.standalone === true;
}
