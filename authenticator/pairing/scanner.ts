/**
 * Owns reading QR codes from the camera's pictures: with the browser's own reader where there is one,
 * else with one that is loaded together with this file, when somebody scans and not before.
 */
import { decodeQR } from 'qr/decode.js';

/** The Shape Detection API, which TypeScript does not know yet. */
interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface NativeDetectors {
  new (options: { readonly formats: readonly string[] }): NativeDetector;
  getSupportedFormats(): Promise<readonly string[]>;
}

declare global {
  interface Window {
    readonly BarcodeDetector?: NativeDetectors;
  }
}

/** Reads picture after picture until `found` says that this was it, or it is over. */
export async function readFrames(
  video: HTMLVideoElement,
  on: { readonly isOver: () => boolean; readonly found: (text: string) => boolean },
): Promise<void> {
  const read = await createReader();
  while (!on.isOver()) {
    await nextPicture(video);
    if (on.isOver() || video.videoWidth === 0) continue;
    for (const text of await read(video)) {
      if (!on.isOver() && on.found(text)) return;
    }
  }
}

type Reader = (video: HTMLVideoElement) => Promise<readonly string[]>;

async function createReader(): Promise<Reader> {
  const { BarcodeDetector } = window;
  if (BarcodeDetector !== undefined) {
    const formats = await BarcodeDetector.getSupportedFormats();
    if (formats.includes('qr_code')) {
      const detector = new BarcodeDetector({ formats: ['qr_code'] });
      return async (video) => (await detector.detect(video)).map(({ rawValue }) => rawValue);
    }
  }
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  return async (video) => {
    // Half a megapixel is enough for any code that fills a third of the picture.
    const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return [decodeQR({ width, height, data })];
    } catch {
      // No code in this picture; the next one comes.
      return [];
    }
  };
}

/** A few pictures a second: a hand is not faster, and the phone stays cool. */
function nextPicture(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      if (video.paused || document.hidden) resolve();
      else requestAnimationFrame(() => resolve());
    }, 120);
  });
}
