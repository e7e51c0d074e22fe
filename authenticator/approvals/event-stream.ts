/**
 * Owns reading an event stream (HTML standard, "Server-sent events") over `fetch`, since the
 * browser's own `EventSource` cannot carry a bearer token.
 */

/** Takes pieces of text as they come; says for each piece how many events it completed. */
export function createEventCounter(): (piece: string) => number {
  let rest = '';
  let hasData = false;
  return (piece) => {
    const lines = `${rest}${piece}`.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    let events = 0;
    for (const line of lines) {
      if (line === '') {
        if (hasData) events += 1;
        hasData = false;
      } else if (!line.startsWith(':') && /^(?:data|event)(?::|$)/.test(line)) {
        hasData = true;
      }
    }
    return events;
  };
}

/** Calls for every event, until the stream ends. Rejects where it breaks off. */
export async function followEvents(
  body: ReadableStream<Uint8Array>,
  on: { readonly event: () => void; readonly sign: () => void },
): Promise<void> {
  const decoder = new TextDecoder();
  const count = createEventCounter();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    on.sign();
    for (let events = count(decoder.decode(value, { stream: true })); events > 0; events -= 1) {
      on.event();
    }
  }
}
