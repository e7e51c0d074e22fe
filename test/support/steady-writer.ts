/**
 * A process that writes until it is killed: each transaction opens a session and appends to the
 * audit log, several at once, and each that is acknowledged is told on standard output, by number.
 * Arguments: the data folder, the number to begin with.
 */
import { sampleEvent } from '../../src/audit/audit-store.contract.ts';
import { sampleSession } from '../../src/sessions/session-store.contract.ts';
import { openDatabase } from '../../src/stores/sql/database.ts';
import { testBox } from './database.ts';

const [, , dataFolder = '', first = '0'] = process.argv;
const atOnce = 8;

const database = await openDatabase({ dataFolder, box: testBox });
let next = Number(first);
await Promise.all(Array.from({ length: atOnce }, writeOn));

async function writeOn(): Promise<void> {
  for (;;) {
    const number = next++;
    await database.transact(async ({ sessions, audit }) => {
      await sessions.add(sampleSession(`session ${number}`));
      await audit.append(sampleEvent({ details: { number } }));
    });
    process.stdout.write(`${number}\n`);
  }
}
