import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { postgresqlServer, postgresUrl } from '../../test/support/database.ts';
import { startHall, type Hall } from '../../test/support/signin.ts';

const skip = postgresUrl === undefined ? 'TWEESTAP_TEST_POSTGRES_URL names no server' : false;

describe('more people at once than there are connections to PostgreSQL', { skip }, () => {
  const server = postgresqlServer(postgresUrl ?? '');
  let hall: Hall;
  before(async () => {
    hall = await startHall(await server.fresh());
  });
  after(async () => {
    await hall.close();
    await server.close();
  });

  it('all get on, also where the policy has to be read anew', async () => {
    const people = await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        hall.person({ userPrincipalName: `person-${number}@voorbeeld.example` }),
      ),
    );
    for (const person of people) await hall.app(person);
    const arrivals = await Promise.all(people.map((person) => hall.arrive(person)));
    assert.deepEqual(
      arrivals.filter(({ progress }) => progress.step.kind !== 'challenge'),
      [],
    );
  });
});
