/** Reads TwiML as strictly as Twilio does: what is not well formed, or no verb of its, is a fault. */
import assert from 'node:assert/strict';

import { verbs } from './twilio-description.ts';

export interface Verb {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly verbs: readonly Verb[];
  readonly text: string;
}

/** The verbs of a document, in order; fails where it is none. */
export function readTwiml(document: string): readonly Verb[] {
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>';
  assert.ok(document.startsWith(prolog), `no XML: ${document.slice(0, 80)}`);
  const { verb, rest } = readVerb(document.slice(prolog.length));
  assert.equal(rest, '');
  assert.equal(verb.name, 'Response');
  return verb.verbs;
}

function readVerb(text: string): { readonly verb: Verb; readonly rest: string } {
  const opened = /^<([A-Za-z]+)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>/.exec(text);
  assert.ok(opened, `no verb: ${text.slice(0, 80)}`);
  const [all, name = '', written = '', isClosed] = opened;
  const known = verbs[name];
  assert.ok(known, `no verb of Twilio’s: ${name}`);
  const attributes = Object.fromEntries(
    [...written.matchAll(/([A-Za-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => {
      assert.ok(known.includes(key), `${name} has no ${key}`);
      return [key, unescaped(value)];
    }),
  );
  let rest = text.slice(all.length);
  const inside: Verb[] = [];
  let words = '';
  while (isClosed !== '/') {
    const end = `</${name}>`;
    if (rest.startsWith(end)) {
      rest = rest.slice(end.length);
      break;
    }
    if (rest.startsWith('<')) {
      const next = readVerb(rest);
      inside.push(next.verb);
      ({ rest } = next);
    } else {
      const [found = ''] = /^[^<]+/.exec(rest) ?? [];
      assert.notEqual(found, '', `${name} has no end`);
      words += found;
      rest = rest.slice(found.length);
    }
  }
  return { verb: { name, attributes, verbs: inside, text: unescaped(words) }, rest };
}

function unescaped(text: string): string {
  assert.match(text, /^(?:[^&]|&(?:amp|lt|gt|quot|apos);)*$/, `not escaped: ${text}`);
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
