/**
 * Owns statements that are built once and run often: building one with Kysely costs as much as
 * running it on SQLite, so each keeps its SQL and takes only new values.
 */
import { sql, type Compilable, type CompiledQuery, type RawBuilder } from 'kysely';

/** Stands for the value of an argument while a statement is built. */
export interface Argument<values> {
  <name extends keyof values & string>(name: name): RawBuilder<values[name]>;
}

/** Fills values in. */
export type Statement<values, row> = (values: values) => CompiledQuery<row>;

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Prepares a statement; it is built at its first use. */
export function statement<values extends object, row>(
  build: (argument: Argument<values>) => Compilable<row>,
): Statement<values, row> {
  let compiled: CompiledQuery<row> | undefined;
  return (values) => {
    compiled ??= build((name) => sql`${new Placeholder(name)}`).compile();
    const { query, queryId, sql: text, parameters } = compiled;
    const filled = parameters.map((parameter) =>
      storable(parameter instanceof Placeholder ? Reflect.get(values, parameter.name) : parameter),
    );
    return { query, queryId, sql: text, parameters: filled };
  };
}

/** Builds a statement for this one time. */
export function once<row>(query: Compilable<row>): CompiledQuery<row> {
  const compiled = query.compile();
  return { ...compiled, parameters: compiled.parameters.map(storable) };
}

/**
 * Text as it will be read back: PostgreSQL keeps no NUL character and neither keeps half a
 * surrogate pair. A stranger may send both; whoever asks for such a name finds nothing.
 */
export function storableText(text: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  return text.replaceAll('\0', '\u2400').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

function storable(value: unknown): unknown {
  return typeof value === 'string' ? storableText(value) : value;
}
