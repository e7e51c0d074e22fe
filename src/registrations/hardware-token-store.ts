/** Owns what the keeper of hardware tokens promises. */
import type { HardwareToken, KnownToken, TokenStatus } from './hardware-token.ts';

export interface TokenSearch {
  /** How the serial number begins, in capitals. */
  readonly serialNumber?: string | undefined;
  readonly status?: TokenStatus | undefined;
  /** Whose. */
  readonly assignedTo?: string | undefined;
  /** Serial numbers after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface HardwareTokenStore {
  /** Adds; false where the serial number is taken (also under parallel requests). */
  add(token: HardwareToken): Promise<boolean>;
  find(id: string): Promise<KnownToken | undefined>;
  /** By its canonical serial number. */
  findBySerialNumber(serialNumber: string): Promise<KnownToken | undefined>;
  /** In the order of their serial numbers. */
  search(search: TokenSearch): Promise<readonly KnownToken[]>;
  /** How many stand where. */
  count(): Promise<Readonly<Record<TokenStatus, number>>>;
  /** Keeps whose it is, its registration and its wrong codes, only from this version; raises it. */
  save(
    token: Pick<HardwareToken, 'id' | 'version' | 'assignedTo' | 'registrationId' | 'wrongCodes'>,
  ): Promise<boolean>;
  /** False when it was gone. */
  remove(id: string): Promise<boolean>;
}
