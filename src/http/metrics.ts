/**
 * Owns what is counted for the operator, in Prometheus' words. Labels are few and our own: a route's
 * pattern, never an address that somebody typed.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** One answered request. */
  request(answered: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** One audit event that became durable: `signed-in`, `answer-rejected` … */
  event(kind: string, reason: string): void;
  /** One message that a provider took, or that was given up. */
  message(settled: {
    readonly kind: string;
    /** `none` where nobody was asked. */
    readonly provider: string;
    readonly result: string;
  }): void;
  /** Which providers rest, for which kind of messages; read when somebody asks. */
  resting(
    read: () => Promise<readonly { readonly provider: string; readonly kind: string }[]>,
  ): void;
  /** A value that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** Everything, as Prometheus reads it. */
  read(): Promise<{ readonly type: string; readonly text: string }>;
  /** Ends the observation of the process. */
  stop(): void;
}

/** Makes the counters of one process; each has its own, so that tests do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tweestap_' });
  const requests = new Histogram({
    name: 'tweestap_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const events = new Counter({
    name: 'tweestap_events_total',
    help: 'Audit events by kind, and by reason where they have one.',
    labelNames: ['kind', 'reason'],
    registers: [registry],
  });
  const messages = new Counter({
    name: 'tweestap_messages_total',
    help: 'Messages by kind, provider and what became of them.',
    labelNames: ['kind', 'provider', 'result'],
    registers: [registry],
  });
  return {
    message: (settled) => {
      messages.inc({ ...settled });
    },
    resting: (read) => {
      const gauge: Gauge<'provider' | 'kind'> = new Gauge({
        name: 'tweestap_provider_rests',
        help: '1 while a provider gets no messages of a kind because it failed too often.',
        labelNames: ['provider', 'kind'],
        registers: [registry],
        collect: async () => {
          const now = await read();
          gauge.reset();
          for (const { provider, kind } of now) gauge.set({ provider, kind }, 1);
        },
      });
    },
    request: ({ method, route, status, seconds }) => {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
    event: (kind, reason) => {
      events.inc({ kind, reason });
    },
    gauge: (name, help, read) => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: async () => {
          gauge.set(await read());
        },
      });
    },
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
    stop: () => registry.clear(),
  };
}
