/**
 * Owns reading a `User-Agent` header for people: the browser and the system by the names they know.
 * It is what the browser says of itself: good for recognising one's own, worth nothing as proof.
 */

/** What could be read; names of products, the same in every language. */
export interface Browser {
  readonly browser: string | undefined;
  readonly system: string | undefined;
}

/** Reads the header (RFC 9110 §10.1.5). Whatever is not known stays undefined. */
export function readUserAgent(header: string): Browser {
  return { browser: first(browsers, header), system: first(systems, header) };
}

type Known = readonly (readonly [RegExp, string])[];

// Nearly all say that they are Mozilla, Chrome and Safari too: who imitates stands before whom it imitates.
const browsers: Known = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera|OPT)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bDuckDuckGo\/|\bDdg\//, 'DuckDuckGo'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bTrident\/|\bMSIE /, 'Internet Explorer'],
  [/^curl\//, 'curl'],
];

const systems: Known = [
  [/\bWindows Phone\b/, 'Windows Phone'],
  [/\bWindows\b/, 'Windows'],
  [/\biPhone\b|\biPod\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac(?:intosh| OS X)\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

function first(known: Known, header: string): string | undefined {
  return known.find(([pattern]) => pattern.test(header))?.[1];
}
