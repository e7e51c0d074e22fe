/**
 * Owns the headers that every response carries, whoever makes it: pages, errors, files, engines.
 *
 * `form-action 'self'` holds although sign-ins end at applications elsewhere: see `sendGoOnPage`.
 * `Referrer-Policy` is `same-origin` and not `no-referrer`, because browsers then send `Origin: null`
 * with our own forms (Fetch standard, "append a request `Origin` header"); nobody else learns
 * anything either way.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const always = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': permissionsPolicy({ camera: false }),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex, nofollow',
  // What a shared computer or a proxy keeps, somebody else reads. Files in /assets/ say otherwise.
  'cache-control': 'no-store',
} as const satisfies Readonly<Record<string, string>>;

/** What a page may ask of a browser. The camera: only where a QR code is scanned. */
export function permissionsPolicy({ camera }: { readonly camera: boolean }): string {
  return `camera=${camera ? '(self)' : '()'}, publickey-credentials-create=(self), publickey-credentials-get=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()`;
}

/** Two years, as preload lists ask; sub-domains are their owners' business. */
const strictTransport = { 'strict-transport-security': 'max-age=63072000' } as const;

/** The headers of every response, as name and value. */
export function securityHeaders(isSecure: boolean): readonly (readonly [string, string])[] {
  return Object.entries(isSecure ? { ...always, ...strictTransport } : always);
}
