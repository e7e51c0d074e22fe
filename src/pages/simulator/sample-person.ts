import type { Locale } from '../../i18n/locale.ts';

/** Somebody of the sample organisation, as the simulator shows them. All of it is made up. */
export interface SamplePerson {
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** Random, made at the first start. */
  readonly password: string;
  /** E.164; an office number may end in an extension: `+3120… x12`. */
  readonly mobilePhone: string | undefined;
  readonly businessPhone: string | undefined;
  readonly mail: string | undefined;
  readonly otherMail: string | undefined;
  /** What one can see with this account. */
  readonly note: Readonly<Record<Locale, string>>;
  /** The authenticator app that is registered: its key in base32, and its `otpauth://` address. */
  readonly app: { readonly key: string; readonly address: string } | undefined;
}
