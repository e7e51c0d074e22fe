/** The tables the house began with. */
import { sql, type Kysely } from 'kysely';

/** Makes every table, in an empty database. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  for (const statement of engine === 'sqlite' ? sqlite() : postgresql()) {
    await sql.raw(statement).execute(database);
  }
}

function sqlite(): readonly string[] {
  return statements({ text: 'text', integer: 'integer', blob: 'blob', strict: 'strict' });
}

function postgresql(): readonly string[] {
  // Names are ordered by their bytes, as in SQLite; a locale would order them its own way.
  return statements({ text: 'text collate "C"', integer: 'bigint', blob: 'bytea', strict: '' });
}

function statements(types: {
  readonly text: string;
  readonly integer: string;
  readonly blob: string;
  readonly strict: string;
}): readonly string[] {
  const { text, integer, blob, strict } = types;
  return [
    `create table meta (
      name ${text} not null primary key,
      value ${text} not null
    ) ${strict}`,

    `create table "user" (
      id ${text} not null primary key,
      canonical_name ${text} not null unique,
      user_principal_name ${text} not null,
      display_name ${text} not null,
      mail ${text},
      other_mail ${text},
      mobile_phone ${text},
      business_phone ${text},
      business_phone_extension ${text},
      preferred_language ${text},
      role ${text} not null,
      groups ${text} not null,
      account_enabled ${integer} not null,
      blocked_at ${integer},
      blocked_until ${integer},
      blocked_reason ${text},
      password_hash ${blob},
      must_change_password ${integer} not null,
      per_user_mfa_state ${text} not null,
      mfa_required_at ${integer},
      default_registration_id ${text},
      default_method_id ${text},
      created_at ${integer} not null
    ) ${strict}`,

    `create table known_browser (
      id ${blob} not null primary key,
      user_id ${text} not null,
      last_seen_at ${integer} not null
    ) ${strict}`,
    'create index known_browser_by_user on known_browser (user_id)',

    `create table attempt (
      id ${text} not null primary key,
      version ${integer} not null,
      user_id ${text},
      expires_at ${integer} not null,
      finished ${integer} not null,
      detail ${blob} not null
    ) ${strict}`,
    'create index attempt_by_user on attempt (user_id) where user_id is not null',
    'create index attempt_by_end on attempt (expires_at)',

    `create table registration (
      id ${text} not null primary key,
      user_id ${text} not null,
      kind ${text} not null,
      slot ${text} not null,
      version ${integer} not null,
      created_at ${integer} not null,
      last_used_at ${integer},
      secret ${blob} not null,
      binding ${blob} not null,
      unique (user_id, kind, slot)
    ) ${strict}`,

    `create table app_password (
      id ${text} not null primary key,
      user_id ${text} not null,
      slot ${integer} not null,
      hash ${blob} not null unique,
      name ${text} not null,
      door ${text},
      created_at ${integer} not null,
      expires_at ${integer},
      last_used_at ${integer},
      binding ${blob} not null,
      unique (user_id, slot)
    ) ${strict}`,

    `create table session (
      id ${blob} not null primary key,
      user_id ${text} not null,
      expires_at ${integer} not null,
      last_seen_at ${integer} not null,
      detail ${blob} not null
    ) ${strict}`,
    'create index session_by_user on session (user_id)',
    'create index session_by_end on session (expires_at)',

    `create table application (
      client_id ${text} not null primary key,
      created_at ${integer} not null,
      detail ${text} not null,
      client_secret ${blob}
    ) ${strict}`,

    `create table signing_key (
      kid ${text} not null primary key,
      algorithm ${text} not null,
      created_at ${integer} not null,
      active_from ${integer} not null,
      retired_at ${integer},
      retain ${integer} not null,
      private_jwk ${blob} not null
    ) ${strict}`,

    `create table oidc_record (
      model ${text} not null,
      id ${blob} not null,
      account_id ${text},
      client_id ${text},
      grant_id ${blob},
      uid ${blob},
      user_code ${blob},
      expires_at ${integer},
      consumed_at ${integer},
      payload ${blob} not null,
      primary key (model, id)
    ) ${strict}`,
    'create index oidc_record_by_account on oidc_record (account_id) where account_id is not null',
    'create index oidc_record_by_grant on oidc_record (grant_id) where grant_id is not null',
    'create index oidc_record_by_uid on oidc_record (uid) where uid is not null',
    'create index oidc_record_by_user_code on oidc_record (user_code) where user_code is not null',
    'create index oidc_record_by_end on oidc_record (expires_at) where expires_at is not null',

    `create table throttle (
      id ${blob} not null primary key,
      record ${text} not null,
      last_used_at ${integer} not null
    ) ${strict}`,
    'create index throttle_by_last_used on throttle (last_used_at)',

    `create table outbox (
      id ${text} not null primary key,
      kind ${text} not null,
      state ${text} not null,
      attempt_id ${text},
      challenge_id ${text},
      user_id ${text},
      created_at ${integer} not null,
      deliver_before ${integer} not null,
      due_at ${integer} not null,
      tries ${integer} not null,
      settled_at ${integer},
      provider ${text},
      reference ${text},
      fault ${text},
      receiver ${blob} not null,
      body ${blob}
    ) ${strict}`,
    `create index outbox_by_due on outbox (due_at) where state = 'queued'`,
    'create index outbox_by_reference on outbox (reference) where reference is not null',
    'create index outbox_by_receiver on outbox (receiver, created_at)',
    'create index outbox_by_created on outbox (created_at)',

    `create table provider_report (
      provider ${text} not null,
      event_id ${text} not null,
      noted_at ${integer} not null,
      primary key (provider, event_id)
    ) ${strict}`,

    // Appended to in order, so the primary key grows at its end; at most this one other index.
    `create table audit_event (
      sequence ${integer} not null primary key,
      kind ${text} not null,
      at ${integer} not null,
      user_id ${text},
      actor ${text} not null,
      attempt_id ${text},
      address ${text},
      details ${text} not null,
      previous_hash ${blob} not null,
      hash ${blob} not null
    ) ${strict}`,
    'create index audit_event_by_user on audit_event (user_id, sequence) where user_id is not null',

    `create table audit_head (
      id ${integer} not null primary key,
      sequence ${integer} not null,
      hash ${blob} not null,
      mac ${blob} not null
    ) ${strict}`,

    `create table sign_in_event (
      id ${text} not null primary key,
      user_id ${text},
      at ${integer} not null,
      detail ${text} not null
    ) ${strict}`,
    'create index sign_in_event_by_user on sign_in_event (user_id, at) where user_id is not null',
    'create index sign_in_event_by_at on sign_in_event (at)',

    `create table policy (
      id ${integer} not null primary key,
      version ${integer} not null,
      document ${text} not null
    ) ${strict}`,
  ];
}
