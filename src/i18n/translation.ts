import type { Locale } from './locale.ts';

/**
 * The shape that the texts of another language must have: the same keys, a text for a text, a
 * function of the same parts for a function. A key missing or too many does not compile.
 *
 * ```ts
 * export const nl: Translation<typeof en> = { … };
 * ```
 */
export type Translation<source> = source extends string
  ? string
  : source extends (...parts: infer parts) => infer result
    ? (...parts: parts) => Translation<result>
    : { readonly [key in keyof source]: Translation<source[key]> };

/** The texts of a feature in every language. */
export type Texts<source> = Readonly<Record<Locale, Translation<source>>>;
