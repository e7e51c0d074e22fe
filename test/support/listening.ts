/** A connection that hears server-sent events, as an `EventSource` does, but which never comes back by itself. */
import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';

export interface Listening {
  /** How often this event was heard so far. */
  heard(event: string): number;
  /** Whether the other side has ended it, in order. */
  isOver(): boolean;
  stop(): void;
}

/** Opens a stream; fails where it is refused. `onEvent` is called as each event comes. */
export async function listenTo(
  asking: {
    readonly url: string;
    readonly port?: number | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  },
  onEvent: (event: string) => void = () => {},
): Promise<Listening> {
  const { host, hostname, port, pathname } = new URL(asking.url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { host, accept: 'text/event-stream', ...asking.headers };
    request({
      host: hostname === 'localhost' ? '127.0.0.1' : hostname,
      port: asking.port ?? port,
      path: pathname,
      headers,
      agent: false,
    })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
  assert.equal(response.statusCode, 200);
  const heard: string[] = [];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const events = `${text}${chunk}`.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, name] = /^event: (.+)$/m.exec(event) ?? [];
      if (name === undefined) continue;
      heard.push(name);
      onEvent(name);
    }
  });
  // Cut off: then it is destroyed and not complete.
  response.on('error', () => {});
  return {
    heard: (event) => heard.filter((name) => name === event).length,
    isOver: () => response.complete,
    stop: () => void response.destroy(),
  };
}
