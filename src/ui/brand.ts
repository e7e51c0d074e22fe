/**
 * Owns the organisation's colour. Whatever it is, its words and buttons can be read: the colour is
 * moved in lightness, hue kept, until it has the contrast of WCAG 2.2 AAA (7 : 1) against our
 * surfaces; once for light, once for dark.
 */

/** WCAG 1.4.6, contrast (enhanced). */
const wanted = 7;

// The least favourable surface that words in the brand colour stand on: `--subtle` of tokens.css.
const lightSurface = '#f3f4f6';
const darkSurface = '#2b2f35';
const lightInk = '#ffffff';
const darkInk = '#101214';

export interface Brand {
  /** As given, in lower case. */
  readonly given: string;
  /** On light surfaces, and what stands upon it. */
  readonly light: string;
  readonly onLight: string;
  /** On dark surfaces, and what stands upon it. */
  readonly dark: string;
  readonly onDark: string;
  /** The given colour on a light page was not enough and was darkened. */
  readonly corrected: boolean;
}

/**
 * The brand for a colour written as `#rrggbb` or `#rgb`; undefined when it is written otherwise.
 * The result always has a contrast of 7 : 1 or better.
 */
export function brandOf(colour: string): Brand | undefined {
  const given = normalised(colour);
  if (given === undefined) return undefined;
  const light = moved(given, lightSurface, -1);
  const dark = moved(given, darkSurface, 1);
  return {
    given,
    light,
    onLight: lightInk,
    dark,
    onDark: darkInk,
    corrected: light !== given,
  };
}

/** The rule that overrides the brand in `tokens.css`; '' for no colour. Throws for an unreadable one. */
export function brandStyles(colour: string | undefined): string {
  if (colour === undefined) return '';
  const brand = brandOf(colour);
  if (brand === undefined) throw new Error(`Not a colour of the form #rrggbb: ${colour}`);
  const { light, dark, onLight, onDark } = brand;
  return `:root{--brand:light-dark(${light},${dark});--on-brand:light-dark(${onLight},${onDark})}`;
}

/** Contrast of two `#rrggbb` colours by WCAG 2.2: from 1 (none) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [brighter, darker] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return ((brighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

type Triple = readonly [number, number, number];

function normalised(colour: string): string | undefined {
  const text = colour.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/u.test(text)) return text;
  return /^#[0-9a-f]{3}$/u.test(text) ? text.replaceAll(/[0-9a-f]/gu, '$&$&') : undefined;
}

/** The nearest lightness in that direction with enough contrast against the surface. */
function moved(colour: string, surface: string, direction: 1 | -1): string {
  if (
    contrast(colour, surface) >= wanted &&
    luminance(colour) > luminance(surface) === direction > 0
  ) {
    return colour;
  }
  const [lightness, a, b] = oklab(linear(colour));
  for (let step = 0; step <= 200; step += 1) {
    const next = lightness + (direction * step) / 200;
    if (next < 0 || next > 1) break;
    const candidate = inGamut([next, a, b]);
    const brightSide = luminance(candidate) > luminance(surface) === direction > 0;
    if (brightSide && contrast(candidate, surface) >= wanted) return candidate;
  }
  return direction > 0 ? '#ffffff' : '#000000';
}

/** Less colourful until a screen can show it: hue and lightness are what people recognise. */
function inGamut([lightness, a, b]: Triple): string {
  for (let chroma = 1; chroma > 0; chroma -= 0.02) {
    const rgb = fromOklab([lightness, a * chroma, b * chroma]);
    if (rgb.every((channel) => channel >= -0.0005 && channel <= 1.0005)) return hex(rgb);
  }
  return hex(fromOklab([lightness, 0, 0]));
}

function luminance(colour: string): number {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(colour: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function hex(rgb: Triple): string {
  const channel = (value: number): string => {
    const bounded = Math.min(1, Math.max(0, value));
    const encoded = bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * bounded ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${rgb.map(channel).join('')}`;
}

// OKLab by Björn Ottosson (https://bottosson.github.io/posts/oklab/), from linear sRGB and back.
function oklab([red, green, blue]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}
