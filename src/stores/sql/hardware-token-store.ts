/** Owns hardware tokens in SQL. */
import { sql } from 'kysely';

import { TweestapError } from '../../errors/errors.ts';
import type { HardwareTokenStore, TokenSearch } from '../../registrations/hardware-token-store.ts';
import {
  statusOf,
  type KnownToken,
  type TokenSecret,
  type TokenStatus,
} from '../../registrations/hardware-token.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { once, statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

/** A token with the registration that it became, if that is still there. */
type KnownRow = Row<'hardware_token'> & {
  readonly living_id: string | null;
  readonly last_used_at: number | null;
};

export function prepareHardwareTokenStore({
  build,
  seals,
}: StoreParts): OnConnection<HardwareTokenStore> {
  const secret = seals.sealed<TokenSecret>('hardware_token', 'secret');

  const known = () =>
    build
      .selectFrom('hardware_token')
      .leftJoin('registration', 'registration.id', 'hardware_token.registration_id')
      .selectAll('hardware_token')
      .select(['registration.id as living_id', 'registration.last_used_at']);

  /** As `statusOf` tells it. */
  const standing = sql<TokenStatus>`case
    when assigned_to is null then 'available'
    when registration.id is not null then 'activated'
    when wrong_codes > 0 then 'failedActivation'
    else 'assigned' end`;
  const counted = build
    .selectFrom('hardware_token')
    .leftJoin('registration', 'registration.id', 'hardware_token.registration_id')
    .select([standing.as('status'), sql<number>`count(*)`.as('count')])
    .groupBy(standing);

  const add = statement((is: Argument<Row<'hardware_token'>>) =>
    build
      .insertInto('hardware_token')
      .values({
        id: is('id'),
        serial_number: is('serial_number'),
        manufacturer: is('manufacturer'),
        model: is('model'),
        secret: is('secret'),
        assigned_to: is('assigned_to'),
        registration_id: is('registration_id'),
        wrong_codes: is('wrong_codes'),
        version: is('version'),
        created_at: is('created_at'),
        binding: is('binding'),
      })
      .onConflict((conflict) => conflict.column('serial_number').doNothing()),
  );
  const byId = statement((is: Argument<{ id: string }>) =>
    known().where('hardware_token.id', '=', is('id')),
  );
  const bySerialNumber = statement((is: Argument<{ serialNumber: string }>) =>
    known().where('serial_number', '=', is('serialNumber')),
  );
  const save = statement(
    (
      is: Argument<
        Pick<
          Row<'hardware_token'>,
          'id' | 'version' | 'assigned_to' | 'registration_id' | 'wrong_codes' | 'binding'
        > & { readonly next: number }
      >,
    ) =>
      build
        .updateTable('hardware_token')
        .set({
          assigned_to: is('assigned_to'),
          registration_id: is('registration_id'),
          wrong_codes: is('wrong_codes'),
          binding: is('binding'),
          version: is('next'),
        })
        .where('id', '=', is('id'))
        .where('version', '=', is('version')),
  );
  const remove = statement((is: Argument<{ id: string }>) =>
    build.deleteFrom('hardware_token').where('id', '=', is('id')),
  );

  // A token that was given to somebody else behind our back would let them in as its owner.
  const bindingOf = (id: string, assignedTo: string | null, registrationId: string | null) =>
    seals.hash('hardware-token', id, assignedTo ?? '', registrationId ?? '');

  const toToken = (row: KnownRow): KnownToken => {
    if (!bindingOf(row.id, row.assigned_to, row.registration_id).equals(row.binding)) {
      seals.report({ table: 'hardware_token', row: row.id });
      throw new TweestapError('RECORD_DAMAGED', {
        details: { table: 'hardware_token', row: row.id },
      });
    }
    const assignedTo = row.assigned_to ?? undefined;
    const isRegistered = row.living_id !== null;
    return {
      id: row.id,
      serialNumber: row.serial_number,
      manufacturer: row.manufacturer,
      model: row.model,
      secret: secret.open(row.secret, row.id, row.serial_number),
      assignedTo,
      registrationId: row.living_id ?? undefined,
      wrongCodes: row.wrong_codes,
      version: row.version,
      createdAt: toDate(row.created_at),
      status: statusOf({ assignedTo, wrongCodes: row.wrong_codes }, isRegistered),
      lastUsedAt: toDate(row.last_used_at),
    };
  };

  const found = ({ serialNumber, status, assignedTo, after, limit }: TokenSearch) => {
    let query = known().orderBy('serial_number').limit(limit);
    if (serialNumber !== undefined && serialNumber !== '') {
      query = query
        .where('serial_number', '>=', serialNumber)
        .where('serial_number', '<', pastAll(serialNumber));
    }
    if (after !== undefined) query = query.where('serial_number', '>', after);
    if (assignedTo !== undefined) query = query.where('assigned_to', '=', assignedTo);
    return status === undefined ? query : query.where(standing, '=', status);
  };

  return (connection) => ({
    add: async (token) => {
      const { id, serialNumber, manufacturer, model, wrongCodes, version, createdAt } = token;
      const assignedTo = token.assignedTo ?? null;
      const registrationId = token.registrationId ?? null;
      const added = await connection.change(
        add({
          id,
          serial_number: serialNumber,
          manufacturer,
          model,
          secret: secret.seal(token.secret, id, serialNumber),
          assigned_to: assignedTo,
          registration_id: registrationId,
          wrong_codes: wrongCodes,
          version,
          created_at: fromDate(createdAt),
          binding: bindingOf(id, assignedTo, registrationId),
        }),
      );
      return added > 0;
    },
    find: async (id) => {
      const row = await connection.first(byId({ id }));
      return row === undefined ? undefined : toToken(row);
    },
    findBySerialNumber: async (serialNumber) => {
      const row = await connection.first(bySerialNumber({ serialNumber }));
      return row === undefined ? undefined : toToken(row);
    },
    search: async (search) => (await connection.rows(once(found(search)))).map(toToken),
    count: async () => {
      const counts = { available: 0, assigned: 0, activated: 0, failedActivation: 0 };
      for (const { status, count } of await connection.rows(once(counted))) {
        counts[status] = Number(count);
      }
      return counts;
    },
    save: async ({ id, version, assignedTo, registrationId, wrongCodes }) => {
      const saved = await connection.change(
        save({
          id,
          version,
          next: version + 1,
          assigned_to: assignedTo ?? null,
          registration_id: registrationId ?? null,
          wrong_codes: wrongCodes,
          binding: bindingOf(id, assignedTo ?? null, registrationId ?? null),
        }),
      );
      return saved > 0;
    },
    remove: async (id) => (await connection.change(remove({ id }))) > 0,
  });
}

/** Behind every text that begins like this. */
function pastAll(beginning: string): string {
  return `${beginning}\u{10FFFF}`;
}
