/**
 * One HTTP request over a real socket, sent exactly as it is given: with any headers, or none. Node's
 * own `fetch` sets `Host` by itself, follows redirects and hides what was really sent.
 */
import { Agent, request as openRequest, type IncomingHttpHeaders } from 'node:http';

export interface Asking {
  /** Absolute. */
  readonly url: string;
  /** GET unless told. */
  readonly method?: string | undefined;
  /** As they go on the wire; `host` is that of the URL unless told. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Buffer | undefined;
  /** The port on this machine that answers for the URL; the URL's own unless told. */
  readonly port?: number | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Who waits longer than this waits for nothing: no answer of ours takes so long. */
const patienceMs = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 5_000 });

/**
 * Sends it; rejects where nobody answers in time. What only reads is sent once more where a connection
 * was kept and the other side let go of it just then, as browsers do (RFC 9110 §9.2.2).
 */
export async function send(asking: Asking): Promise<Answer> {
  const isReading = (asking.method ?? 'GET') === 'GET';
  try {
    return await sendOnce(asking);
  } catch (error) {
    if (!(error instanceof LetGoError) || !isReading) throw causeOf(error);
  }
  return sendOnce(asking).catch((error: unknown) => {
    throw causeOf(error);
  });
}

function causeOf(error: unknown): unknown {
  return error instanceof LetGoError ? error.cause : error;
}

/** The other side closed a kept connection before it answered. */
class LetGoError extends Error {
  override readonly name = 'LetGoError';
}

function sendOnce(asking: Asking): Promise<Answer> {
  const { hostname, port, pathname, search, host } = new URL(asking.url);
  const { method = 'GET', body } = asking;
  const headers: Record<string, string | string[]> = { host };
  for (const [name, value] of Object.entries(asking.headers ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = typeof value === 'string' ? value : [...value];
  }
  if (body !== undefined) headers['content-length'] ??= String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const open = openRequest(
      {
        agent,
        host: hostname === 'localhost' ? '127.0.0.1' : hostname,
        port: asking.port ?? port,
        method,
        path: `${pathname}${search}`,
        headers,
        setHost: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        const answered = (): void => {
          clearTimeout(impatience);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        };
        response.on('end', answered);
        // Such an answer stays open for minutes; whoever wants to hear it listens (`listening.ts`).
        if (response.headers['content-type'] === 'text/event-stream') {
          answered();
          response.destroy();
        }
      },
    );
    const impatience = setTimeout(() => {
      open.destroy(new Error(`${method} ${asking.url} was not answered in ${patienceMs} ms`));
    }, patienceMs);
    open.on('error', (error) => {
      clearTimeout(impatience);
      const isLetGo = open.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      reject(isLetGo ? new LetGoError('let go', { cause: error }) : error);
    });
    open.end(body);
  });
}
