/**
 * Owns the tables as they are after the newest migration, told once: TypeScript reads the types of
 * the rows from it, and a test compares it with what the migrations really made.
 *
 * Times are milliseconds since 1970, yes and no are 1 and 0, absent is null. No table refers to
 * another by a foreign key: any store may move to another kind of database on its own.
 */
import type { PerUserMfaState, Role } from '../../accounts/user.ts';
import type { SignInEvent } from '../../audit/sign-in-event.ts';
import type { AppPasswordDoor } from '../../app-passwords/app-password.ts';
import type { GreetingMoment } from '../../delivery/greeting-store.ts';
import type { MessageKind } from '../../delivery/message.ts';
import type { DeliveryState } from '../../delivery/outbox-store.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { ApprovedAct } from '../../accounts/approval.ts';
import type { EntryState, GroupConflict } from '../../administration/directory/sync-store.ts';
import type { JobState } from '../../administration/jobs/job.ts';

/** A column: what the database keeps, and (in `of`, which is never there) what TypeScript sees. */
interface Column<type> {
  readonly kind: 'text' | 'integer' | 'blob';
  readonly nullable: boolean;
  readonly of?: type;
}

const text = <type extends string = string>(): Column<type> => ({ kind: 'text', nullable: false });
const integer = (): Column<number> => ({ kind: 'integer', nullable: false });
const blob = (): Column<Buffer> => ({ kind: 'blob', nullable: false });
const optional = <type>({ kind }: Column<type>): Column<type | null> => ({ kind, nullable: true });

/** Every table with its columns. */
export const schema = {
  /** How often each person put the registration campaign off. */
  snooze: {
    user_id: text(),
    times: integer(),
    until: integer(),
  },
  migration: {
    name: text(),
    applied_at: integer(),
  },
  migration_lock: {
    id: integer(),
  },
  meta: {
    name: text(),
    value: text(),
  },
  user: {
    id: text(),
    /** In the form of `lib/names`; unique. */
    canonical_name: text(),
    user_principal_name: text(),
    display_name: text(),
    mail: optional(text()),
    other_mail: optional(text()),
    mobile_phone: optional(text()),
    business_phone: optional(text()),
    business_phone_extension: optional(text()),
    preferred_language: optional(text<Locale>()),
    role: text<Role>(),
    /** JSON array of names. */
    groups: text(),
    account_enabled: integer(),
    blocked_at: optional(integer()),
    blocked_until: optional(integer()),
    blocked_reason: optional(text()),
    /** PHC string, sealed: a copy of the database alone cannot be guessed against. */
    password_hash: optional(blob()),
    must_change_password: integer(),
    per_user_mfa_state: text<PerUserMfaState>(),
    mfa_required_at: optional(integer()),
    default_registration_id: optional(text()),
    default_method_id: optional(text()),
    created_at: integer(),
    binding: optional(blob()),
    /** The name that people see, as it is looked for; decides nothing, so it is not bound. */
    search_name: optional(text()),
    /** Which entry of the organisation's directory this account is; unique. */
    upstream_id: optional(text()),
    upstream_dn: optional(text()),
  },
  /** How names end, from each word on but the first, as they are looked for; decides nothing. */
  user_name_ending: {
    user_id: text(),
    ending: text(),
    canonical_name: text(),
  },
  /** Which groups people belong to, as they are counted and looked for; decides nothing. */
  user_group: {
    user_id: text(),
    group_name: text(),
    canonical_name: text(),
  },
  /** Long work on many people. */
  job: {
    id: text(),
    state: text<JobState>(),
    created_at: integer(),
    /** When it may be taken next: pushed on by every lease. */
    due_at: integer(),
    finished_at: optional(integer()),
    /** What is done and by whom, as JSON, sealed for this id. */
    detail: blob(),
  },
  job_item: {
    job_id: text(),
    /** In the order in which they are done. */
    number: integer(),
    user_id: optional(text()),
    /** Who is meant, as the result says it. */
    name: text(),
    /** To whom and what is done, as JSON, sealed for job and number; null once it is. */
    input: optional(blob()),
    /** What is told once, sealed for job and number; null once it was. */
    secret: optional(blob()),
    /** What came of it; null until it is done. */
    result: optional(text()),
  },
  trusted_device: {
    /** Keyed hash of device and person together, so that a row cannot be given to another. */
    id: text(),
    user_id: text(),
    version: integer(),
    last_used_at: integer(),
    expires_at: integer(),
    /** The device as JSON, sealed with id, person and version. */
    detail: blob(),
  },
  known_browser: {
    /** Keyed hash of browser and person together, so that a row cannot be given to another. */
    id: blob(),
    user_id: text(),
    last_seen_at: integer(),
  },
  attempt: {
    id: text(),
    version: integer(),
    user_id: optional(text()),
    expires_at: integer(),
    finished: integer(),
    /** Whose app it asks, or asked last; null where it asks none. */
    asks_app_of: optional(text()),
    /** By what a device finds its draft; null where none waits for one. */
    pairing: optional(text()),
    /** The attempt as JSON, sealed. */
    detail: blob(),
  },
  registration: {
    id: text(),
    user_id: text(),
    kind: text(),
    slot: text(),
    version: integer(),
    created_at: integer(),
    last_used_at: optional(integer()),
    secret: blob(),
    /** Keyed hash over id, person and kind: a row given to another person is not believed. */
    binding: blob(),
    suspended_at: optional(integer()),
    /** When it ends by itself; null where it does not. */
    ends_at: optional(integer()),
  },
  /** What a second administrator has to agree to. */
  approval: {
    id: text(),
    act: text<ApprovedAct>(),
    /** Whose account; empty where it concerns nobody's. */
    target_id: text(),
    /** Which one is to be given. */
    role: optional(text<Role>()),
    asked_by: text(),
    asked_at: integer(),
    expires_at: integer(),
    reason: text(),
    decided_by: optional(text()),
    decided_at: optional(integer()),
    is_agreed: optional(integer()),
    used_at: optional(integer()),
    /** Sealed: numbers and addresses of people. Null only where nobody wrote it. */
    asked_values: optional(blob()),
    /** Keyed hash over what is asked, by whom, and what was decided by whom. */
    binding: blob(),
  },
  hardware_token: {
    id: text(),
    serial_number: text(),
    manufacturer: text(),
    model: text(),
    /** What it makes its codes of, as JSON, sealed with id and serial number. */
    secret: blob(),
    assigned_to: optional(text()),
    registration_id: optional(text()),
    wrong_codes: integer(),
    version: integer(),
    created_at: integer(),
    /** Keyed hash over id, owner and registration. */
    binding: blob(),
  },
  app_password: {
    id: text(),
    user_id: text(),
    slot: integer(),
    hash: blob(),
    name: text(),
    door: optional(text<AppPasswordDoor>()),
    created_at: integer(),
    expires_at: optional(integer()),
    last_used_at: optional(integer()),
    /** Keyed hash over hash, person, door and end. */
    binding: blob(),
    last_used_door: optional(text<AppPasswordDoor>()),
    last_used_address: optional(text()),
    /** The password itself, sealed, until it was shown. */
    plain: optional(blob()),
  },
  session: {
    id: blob(),
    user_id: text(),
    expires_at: integer(),
    last_seen_at: integer(),
    /** The session as JSON, sealed for this id and this person. */
    detail: blob(),
  },
  application: {
    client_id: text(),
    created_at: integer(),
    /** All but the secret, as JSON. */
    detail: text(),
    client_secret: optional(blob()),
    /** Keyed hash over all of it, and whether there is a secret. */
    binding: optional(blob()),
  },
  ldap_client: {
    name: text(),
    created_at: integer(),
    /** Keyed hash of its password, sealed with the name, so that a row cannot be changed. */
    hash: blob(),
  },
  radius_client: {
    id: text(),
    created_at: integer(),
    /** All else as JSON, sealed. */
    detail: blob(),
  },
  signing_key: {
    kid: text(),
    algorithm: text(),
    created_at: integer(),
    active_from: integer(),
    retired_at: optional(integer()),
    retain: integer(),
    private_jwk: blob(),
  },
  oidc_record: {
    model: text(),
    /** Keyed hash of the record's id; uid, user code and grant likewise. */
    id: blob(),
    account_id: optional(text()),
    client_id: optional(text()),
    grant_id: optional(blob()),
    uid: optional(blob()),
    user_code: optional(blob()),
    expires_at: optional(integer()),
    consumed_at: optional(integer()),
    payload: blob(),
  },
  throttle: {
    /** Keyed hash of the counter's key, which may name a person or a number. */
    id: blob(),
    /** The record as JSON. */
    record: text(),
    last_used_at: integer(),
  },
  outbox: {
    id: text(),
    kind: text<MessageKind>(),
    state: text<DeliveryState>(),
    attempt_id: optional(text()),
    challenge_id: optional(text()),
    user_id: optional(text()),
    created_at: integer(),
    deliver_before: integer(),
    /** When it may be taken next: pushed on by every lease. */
    due_at: integer(),
    tries: integer(),
    settled_at: optional(integer()),
    provider: optional(text()),
    reference: optional(text()),
    fault: optional(text()),
    /** Keyed hash of the receiver. */
    receiver: blob(),
    /** The message as JSON, sealed; null once it is settled. */
    body: optional(blob()),
    /** Millionths of the currency (ISO 4217), where the provider told. */
    cost: optional(integer()),
    currency: optional(text()),
    /** Keyed hash of the block of numbers, of a challenge's text or call. */
    prefix: optional(blob()),
    answered_at: optional(integer()),
  },
  /** Providers that are not asked for a while. */
  resting_provider: {
    provider: text(),
    kind: text<MessageKind>(),
    since: integer(),
    probe_at: integer(),
    fault: text(),
  },
  /** Blocks of numbers that were closed. */
  closed_prefix: {
    prefix: text(),
    closed_at: integer(),
    sent: integer(),
    answered: integer(),
    opened_at: optional(integer()),
    opened_by: optional(text()),
  },
  /** What the directories that provision call accounts and groups. */
  external_id: {
    directory: text(),
    /** Of an account, or of a provisioned group. */
    subject_id: text(),
    external_id: text(),
    binding: blob(),
  },
  /** Groups that a directory made: there even while nobody belongs to them. */
  provisioned_group: {
    id: text(),
    name: text(),
    created_at: integer(),
    binding: blob(),
  },
  /** The synchronisation with the organisation's directory: one row. */
  directory_sync: {
    id: text(),
    /** Raised with every change. */
    version: integer(),
    /** Whose turn it is, how far it is, what came of the last one: as JSON, sealed with id and version. */
    detail: blob(),
  },
  /** Who is in the directory, as they were read last. */
  directory_entry: {
    id: text(),
    name: text(),
    /** The reading that named them last. */
    run: integer(),
    state: text<EntryState>(),
    /** The first thing that is wrong with them; null where nothing is. */
    trouble: optional(text()),
    /** The rest as JSON. */
    detail: text(),
    binding: blob(),
  },
  /** The groups of the directory, and what they are here. */
  directory_group: {
    id: text(),
    told: text(),
    name: optional(text()),
    run: integer(),
    conflict: optional(text<GroupConflict>()),
    binding: blob(),
  },
  /** What calls say where the organisation says it otherwise. */
  greeting: {
    language: text<Locale>(),
    moment: text<GreetingMoment>(),
    words: optional(text()),
    sound_id: optional(text()),
    sound: optional(blob()),
    changed_at: integer(),
  },
  provider_report: {
    provider: text(),
    event_id: text(),
    noted_at: integer(),
  },
  audit_event: {
    sequence: integer(),
    kind: text(),
    at: integer(),
    user_id: optional(text()),
    actor: text(),
    attempt_id: optional(text()),
    address: optional(text()),
    /** JSON object. */
    details: text(),
    previous_hash: blob(),
    hash: blob(),
  },
  audit_head: {
    id: integer(),
    sequence: integer(),
    hash: blob(),
    /** Keyed hash of sequence and hash: who removes the end of the log cannot move the head back. */
    mac: blob(),
  },
  sign_in_event: {
    id: text(),
    user_id: optional(text()),
    at: integer(),
    /** The event as JSON; the columns below repeat what it is looked for by. */
    detail: text(),
    /** The user principal name, in small letters. */
    name: text(),
    /** Empty for our own pages. */
    application_id: text(),
    result: text<SignInEvent['result']>(),
    reason: text(),
    /** What decided it. */
    method: text(),
    address: text(),
  },
  policy: {
    id: integer(),
    version: integer(),
    /** JSON. */
    document: text(),
    binding: optional(blob()),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Column<unknown>>>>>;

type TypeOf<column> = column extends Column<infer type> ? type : never;

/** What Kysely knows of the tables. */
export type Schema = {
  [table in keyof typeof schema]: {
    -readonly [column in keyof (typeof schema)[table]]: TypeOf<(typeof schema)[table][column]>;
  };
};

/** A whole row of a table, as it is read. */
export type Row<table extends keyof Schema> = Schema[table];
