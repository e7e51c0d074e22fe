/** Signals between nodes, over a real PostgreSQL and over a cable that can be cut. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { Client } from 'pg';

import { layCable, type Cable } from '../../../test/support/cut-cable.ts';
import { postgresUrl } from '../../../test/support/database.ts';
import { until } from '../../../test/support/poll.ts';
import { createSignals, type Signals } from '../../lib/signals.ts';
import { createPostgresqlRelay } from './postgresql-relay.ts';

const skip = postgresUrl === undefined && 'no PostgreSQL was given';
const address = postgresUrl ?? 'postgresql://127.0.0.1:1/none';

describe('signals between nodes on PostgreSQL', { skip }, () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  const nodeAt = (url: string): Signals => {
    const relay = createPostgresqlRelay({
      newClient: () => new Client({ connectionString: url, query_timeout: 300 }),
      beatMs: 100,
    });
    closing.push(() => relay.close());
    return createSignals(relay);
  };
  const cable = async (): Promise<{ cable: Cable; url: string }> => {
    const url = new URL(address);
    const laid = await layCable({ host: url.hostname, port: Number(url.port) });
    closing.push(() => laid.close());
    url.port = String(laid.port);
    return { cable: laid, url: url.href };
  };
  const countOf = (signals: Signals, topic: string): (() => number) => {
    let count = 0;
    signals.hear(topic, () => {
      count += 1;
    });
    return () => count;
  };
  /** Tells until it arrives: what is told before the other node listens is lost, and may be. */
  const arrives = async (from: Signals, topic: string, heard: () => number): Promise<void> => {
    const before = heard();
    await until(`${topic} to arrive`, () => {
      from.tell(topic);
      return heard() > before;
    });
  };

  it('reach the other node, and this one at once and only once', async () => {
    const [one, other] = [nodeAt(address), nodeAt(address)];
    const there = countOf(other, 'door');
    const elsewhere = countOf(other, 'window');
    await arrives(one, 'door', there);
    // Whoever begins to hear is called once for all that was missed, the other node by that as well.
    await arrives(other, 'hall', countOf(one, 'hall'));
    const here = countOf(one, 'door');
    one.tell('door');
    assert.equal(here(), 1, 'its own is heard without the database');
    const window = countOf(one, 'window');
    // What comes after it has come round; by then its own would have come back as well.
    await arrives(other, 'window', window);
    assert.equal(here(), 1);
    assert.equal(elsewhere() > 0, true, 'it heard itself');
  });

  it('carry very many that are told at once', async () => {
    const [one, other] = [nodeAt(address), nodeAt(address)];
    const topics = Array.from({ length: 3_000 }, (_, number) => `topic ${number}`);
    const last = countOf(other, 'ready');
    await arrives(one, 'ready', last);
    const counts = topics.map((topic) => countOf(other, topic));
    for (const topic of topics) one.tell(topic);
    await until('all of them', () => counts.every((count) => count() === 1));
  });

  it('come back after the connection was cut, and then call everybody once', async () => {
    const { cable: laid, url } = await cable();
    const [one, other] = [nodeAt(address), nodeAt(url)];
    const heard = countOf(other, 'door');
    await arrives(one, 'door', heard);
    laid.cut();
    const before = heard();
    one.tell('door');
    other.tell('door');
    assert.equal(heard(), before + 1, 'its own is heard all the same');
    laid.mend();
    await until('the call after the gap', () => heard() > before + 1);
    await arrives(one, 'door', heard);
    const back = countOf(one, 'door');
    await arrives(other, 'door', back);
  });

  it('notice a connection that went silent without a word', async () => {
    const { cable: laid, url } = await cable();
    let connections = 0;
    const relay = createPostgresqlRelay({
      newClient: () => {
        connections += 1;
        return new Client({
          connectionString: url,
          query_timeout: 200,
          connectionTimeoutMillis: 200,
        });
      },
      beatMs: 50,
    });
    closing.push(() => relay.close());
    const [one, other] = [nodeAt(address), createSignals(relay)];
    const heard = countOf(other, 'door');
    await arrives(one, 'door', heard);
    laid.freeze();
    await until('it to try another connection', () => connections > 1);
    laid.mend();
    await arrives(one, 'door', heard);
  });

  it('let go of a server that does not answer', async () => {
    const { cable: laid, url } = await cable();
    const relay = createPostgresqlRelay({
      newClient: () => new Client({ connectionString: url, query_timeout: 30_000 }),
    });
    const signals = createSignals(relay);
    const heard = countOf(signals, 'door');
    const other = nodeAt(address);
    await arrives(other, 'door', heard);
    laid.freeze();
    signals.tell('door');
    const startedAt = performance.now();
    await relay.close();
    assert.ok(performance.now() - startedAt < 1_000, 'it waited for the dead');
    other.tell('door');
    signals.tell('window');
  });

  it('do not mind a database that is not there', async () => {
    const signals = nodeAt('postgresql://tweestap@127.0.0.1:1/none');
    const heard = countOf(signals, 'door');
    signals.tell('door');
    assert.equal(heard(), 1);
  });
});
