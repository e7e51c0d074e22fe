/** Owns what the operator's log should know of the engine. Never a token, a code or a secret. */

export type OidcEvent =
  /** A code or refresh token came a second time; everything that came of it has ended. */
  | { readonly kind: 'reused'; readonly grantId: string | undefined }
  /** An application was told, or could not be told, that somebody signed out. */
  | {
      readonly kind: 'told';
      readonly host: string;
      readonly tries: number;
      readonly result: number | string;
    }
  /** A request was refused: what is wrong with it, for who builds the application. */
  | {
      readonly kind: 'refused';
      readonly clientId: string | undefined;
      readonly error: string;
      readonly reason: string | undefined;
    }
  /** Something failed here. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** Writes one down. */
export type Report = (event: OidcEvent) => void;
