/**
 * An hour without a mail server: the real outbox, the real worker, the real SMTP client, and a server
 * that is not there, is busy, says nothing, or takes a mail and is gone before it says so.
 */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';

import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

import { layCable } from '../../test/support/cut-cable.ts';
import { freshDatabase } from '../../test/support/database.ts';
import { until } from '../../test/support/poll.ts';
import { settableClock } from '../lib/clock.ts';
import { seededRandom } from '../lib/random.ts';
import { createDelivery } from './delivery.ts';
import type { DeliveryReport } from './delivery.ts';
import { smtpProvider } from './providers/smtp/smtp.ts';

const people = ['anna', 'bram', 'cees', 'dora'];

const threeDaysMs = 3 * 24 * 3_600_000;

interface Taken {
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
}

describe('mail, when the mail server is gone for an hour', () => {
  it('is neither lost nor doubled, and everybody reads it in the order in which it happened', async () => {
    const taken: Taken[] = [];
    let isBusy = false;
    let goesAfterData = false;
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      closeTimeout: 50,
      onMailFrom: (_address, _session, callback) =>
        callback(isBusy ? Object.assign(new Error('busy'), { responseCode: 451 }) : null),
      onData: (stream, session, callback) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        const keep = async (): Promise<void> => {
          const { subject = '', messageId = '' } = await PostalMime.parse(Buffer.concat(pieces));
          const [receiver] = session.envelope.rcptTo;
          taken.push({ to: receiver?.address ?? '', subject, messageId });
          if (goesAfterData) cable.cut();
          callback();
        };
        stream.on('end', () => void keep());
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    assert.ok(isAddress(address));
    const cable = await layCable({ host: '127.0.0.1', port: address.port });

    const { stores, close } = await freshDatabase();
    const { outbox } = stores;
    const clock = settableClock(new Date('2026-11-20T09:00:00Z'));
    const reports: DeliveryReport[] = [];
    const delivery = createDelivery({
      outbox,
      providers: [
        smtpProvider({
          host: '127.0.0.1',
          port: cable.port,
          security: 'none',
          from: 'no-reply@voorbeeld.example',
        }),
      ],
      clock,
      random: seededRandom('an hour without mail'),
      report: (report) => reports.push(report),
      onSettled: () => undefined,
      limits: { pollMilliseconds: 20, sendMilliseconds: 400 },
    });
    const queue = async (minute: number): Promise<void> => {
      const deliverBefore = new Date(clock.now().getTime() + threeDaysMs);
      const belonging = { userId: 'somebody', deliverBefore };
      await outbox.add(
        people.map((name) =>
          delivery.prepare(
            {
              kind: 'mail',
              to: `${name}@voorbeeld.example`,
              language: 'en',
              subject: `Minute ${minute}`,
              text: 'Something changed.',
              html: '<p>Something changed.</p>',
            },
            belonging,
          ),
        ),
      );
      delivery.wake();
    };
    const failedTries = (): number =>
      reports.filter(({ kind }) => kind === 'message-postponed').length;
    const waiting = async (): Promise<number> =>
      (await outbox.search({ state: 'queued', limit: 1_000 })).length;

    try {
      delivery.start();
      const moods = [
        () => cable.cut(),
        () => {
          cable.mend();
          isBusy = true;
        },
        () => {
          isBusy = false;
          cable.freeze();
        },
        () => {
          cable.mend();
          goesAfterData = true;
        },
      ];
      for (const [quarter, begin] of moods.entries()) {
        begin();
        for (let minute = quarter * 15; minute < quarter * 15 + 15; minute += 5) {
          const before = failedTries();
          await queue(minute);
          clock.advanceSeconds(5 * 60);
          await until(`a try at minute ${minute}`, () => failedTries() > before, 15_000);
        }
      }
      assert.equal(reports.filter(({ kind }) => kind === 'message-sent').length, 0);
      assert.ok((await waiting()) > 0);

      goesAfterData = false;
      cable.mend();
      await until(
        'everything to go out',
        async () => {
          clock.advanceSeconds(60);
          return (await waiting()) === 0;
        },
        30_000,
      );
      const kept = await outbox.search({ limit: 1_000 });
      assert.equal(kept.length, 12 * people.length);
      assert.ok(kept.every(({ state }) => state === 'sent'));

      // What was taken by a server that was gone before it said so came again, as the same mail.
      const first = new Map(taken.toReversed().map((mail) => [mail.messageId, mail]));
      assert.equal(first.size, 12 * people.length);
      const inOrder = taken.filter(
        ({ messageId }, index) =>
          taken.findIndex((other) => other.messageId === messageId) === index,
      );
      for (const name of people) {
        const read = inOrder.filter(({ to }) => to === `${name}@voorbeeld.example`);
        assert.deepEqual(
          read.map(({ subject }) => subject),
          Array.from({ length: 12 }, (_, index) => `Minute ${index * 5}`),
          name,
        );
      }
    } finally {
      await delivery.stop();
      await cable.close();
      await new Promise<void>((resolve) => server.close(resolve));
      await close();
    }
  });
});

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
