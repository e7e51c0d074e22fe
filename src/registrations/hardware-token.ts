/**
 * Owns what a hardware token on the shelf is: a thing that shows codes, which those in charge hand out.
 * Once its owner showed a code of it, it is a registration of the kind `authenticator-app` like any other
 * (rows ).
 */
import type { AppSecret } from '../methods/authenticator-app.ts';

/** What it makes its codes of. */
export type TokenSecret = Pick<AppSecret, 'key' | 'digits' | 'period' | 'algorithm'>;

/** Values of Microsoft Graph's `hardwareOathTokenStatus`. */
export type TokenStatus = 'available' | 'assigned' | 'activated' | 'failedActivation';
export const tokenStatuses = [
  'available',
  'assigned',
  'activated',
  'failedActivation',
] as const satisfies readonly TokenStatus[];

export interface HardwareToken {
  readonly id: string;
  /** As it is printed on it, in capitals; unique here. */
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly secret: TokenSecret;
  /** Whose it is; undefined on the shelf. */
  readonly assignedTo: string | undefined;
  /** The registration that it became; undefined before a code of it was shown. */
  readonly registrationId: string | undefined;
  /** Wrong codes in a row while it was to be activated. */
  readonly wrongCodes: number;
  readonly version: number;
  readonly createdAt: Date;
}

/** A token with what the registrations know of it. */
export interface KnownToken extends HardwareToken {
  readonly status: TokenStatus;
  readonly lastUsedAt: Date | undefined;
}

/**
 * Where a token stands. Whose registration was deleted, by its owner or because they register anew,
 * has the token still, and activates it anew (row A-021).
 */
export function statusOf(
  token: Pick<HardwareToken, 'assignedTo' | 'wrongCodes'>,
  isRegistered: boolean,
): TokenStatus {
  if (token.assignedTo === undefined) return 'available';
  if (isRegistered) return 'activated';
  return token.wrongCodes > 0 ? 'failedActivation' : 'assigned';
}

/** A serial number as it is kept and compared. */
export function canonicalSerialNumber(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase();
}

/** How people read of it: who made it, which model it is, and its serial number. */
export function titleOfToken({
  serialNumber,
  manufacturer,
  model,
}: Pick<HardwareToken, 'serialNumber' | 'manufacturer' | 'model'>): string {
  return [manufacturer, model, serialNumber].filter((part) => part !== '').join(' ');
}
