/** Owns the shape of what is said of a setting, in whichever language. */

/** What a form says of one setting. */
export interface SettingWords {
  /** For a setting that is on or off, what is so where it is on. */
  readonly label: string;
  readonly help?: string | undefined;
  /** Behind a number: `days`. */
  readonly unit?: string | undefined;
  /** What to do where the schema refuses what was typed. */
  readonly wrong?: string | undefined;
  /** The label of each choice. */
  readonly values?: Readonly<Record<string, string>> | undefined;
}
