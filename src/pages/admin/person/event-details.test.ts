import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { approvalGiven } from '../../../audit/approval-events.ts';
import {
  answerRejected,
  challengeStarted,
  contactChanged,
  everythingRevoked,
  messageSettled,
  methodRegistered,
  passIssued,
  passwordReset,
  signedIn,
  stateChanged,
  userBlocked,
} from '../../../audit/audit.ts';
import type { AuditEvent } from '../../../audit/audit-event.ts';
import { backupMade, backupRestored } from '../../../audit/backup-events.ts';
import { tokenAssigned } from '../../../audit/hardware-token-events.ts';
import { secretKeyRotated, signingKeyRotated } from '../../../audit/key-events.ts';
import { policyChanged } from '../../../audit/policy-event.ts';
import { createMethods } from '../../../methods/method.ts';
import { methods } from '../../../methods/registry.ts';
import { detailsOf } from './event-details.ts';

const at = new Date(1_700_000_000_000);
const origin = { at, userId: 'anna', attemptId: 'attempt', address: '::1' };
const act = { at, userId: 'anna', actor: 'system' };
const names = { methods: createMethods(methods), applicationOf: (id: string) => id };
const told = (event: AuditEvent) => detailsOf(event, names, 'en').join(', ');
const verteld = (event: AuditEvent) => detailsOf(event, names, 'nl').join(', ');

describe('the details of an event', () => {
  it('tells of long work what was done to how many', () => {
    const details = { job: 'x', task: 'enable', done: 3, notDone: 0 };
    const event = { kind: 'job-finished', at: new Date(0), details };
    assert.deepEqual(detailsOf(event, names, 'en'), ['Enable multi-factor', 'Done for: 3']);
    assert.deepEqual(
      detailsOf(
        { kind: 'role-changed', at: new Date(0), details: { from: 'user', to: 'help-desk' } },
        names,
        'nl',
      ),
      ['Van: Gebruiker', 'naar: Helpdesk'],
    );
  });

  it('name the settings that were changed as their pages do, those of one part together', () => {
    const changed = [
      'organisation.name',
      'organisation.domain',
      'methods.text-message.enabled',
      'methods.text-message.excludedGroups',
      'appPasswords.allowed',
      'gone.since',
    ];
    const event = policyChanged({
      at,
      actor: 'anna',
      changes: changed.map((path) => ({ path, from: 1, to: 2 })),
    });
    assert.deepEqual(detailsOf(event, names, 'en').slice(0, 2), [
      'Organisation (Name, Mail domain)',
      'Text message to phone (Not for members of these groups)',
    ]);
    assert.match(told(event), /App passwords \(Allow users to create.*, gone\.since$/);
    assert.match(verteld(event), /^Organisatie \(Naam, Maildomein\), Sms-bericht naar telefoon/);
  });

  it('say what proved a sign-in, and leave out what is for programs', () => {
    const event = signedIn(origin, 'https://refeds.org/profile/mfa', ['pwd', 'sms', 'mfa']);
    assert.equal(told(event), 'Password, Text message');
    assert.equal(verteld(event), 'Wachtwoord, Sms-bericht');
  });

  it('say which message it was, and whether it went', () => {
    const mail = { kind: 'mail', provider: 'simulator', result: 'sent' };
    assert.equal(told(messageSettled(origin, mail)), 'Mail, sent');
    assert.equal(
      verteld(messageSettled(origin, { ...mail, result: 'failed' })),
      'E-mail, niet verzonden',
    );
  });

  it('say which hardware token', () => {
    const event = tokenAssigned({ ...act, serialNumber: '1234567' });
    assert.equal(told(event), 'Serial number 1234567');
    assert.equal(verteld(event), 'Serienummer 1234567');
  });

  it('say which key seals or signs, in place of which, and from when on', () => {
    const by = { at, actor: 'command-line' };
    const sealing = secretKeyRotated({ ...by, keyId: 'd3b2', replaced: ['d42f'] });
    assert.equal(told(sealing), 'd3b2 seals, in place of d42f');
    assert.equal(verteld(sealing), 'd3b2 verzegelt, in plaats van d42f');
    const signing = { ...by, kid: 'E0u', signsFrom: at };
    const leaked = signingKeyRotated({ ...signing, withdrawn: ['one', 'other'] });
    assert.match(told(leaked), /^Key E0u, signs from .*2023.*, withdrawn: one, other$/);
    assert.match(
      verteld(signingKeyRotated({ ...signing, withdrawn: [] })),
      /^Sleutel E0u, ondertekent vanaf 14 nov 2023/,
    );
  });

  it('say what a second administrator was asked for', () => {
    const asked = { at, actor: 'anna', address: '::1', targetId: 'bram', act: 'change-role' };
    assert.equal(told(approvalGiven({ ...asked, askedBy: 'cas' })), 'Change the role');
    assert.equal(verteld(approvalGiven({ ...asked, askedBy: 'cas' })), 'De rol wijzigen');
  });

  it('say which file a backup is in, and of which day the one is that was restored', () => {
    const by = { at, actor: 'command-line' };
    const made = backupMade({ ...by, file: '/var/today.backup', rows: 306 });
    assert.equal(told(made), 'File: /var/today.backup, Rows: 306');
    assert.equal(verteld(made), 'Bestand: /var/today.backup, Rijen: 306');
    const restored = backupRestored({ ...by, takenAt: at, version: '0.1.0', epoch: 2 });
    assert.match(told(restored), /^Taken on .*2023.*, Written by Tweestap 0\.1\.0$/);
    assert.match(verteld(restored), /^Gemaakt op 14 nov 2023.*, Geschreven door Tweestap 0\.1\.0$/);
  });

  it('say which method, and why it was refused', () => {
    assert.equal(told(challengeStarted(origin, 'phone-call')), 'Phone call');
    assert.equal(
      told(answerRejected(origin, 'authenticator-code', 'code-already-used')),
      'Verification code from an app, code used before',
    );
    assert.equal(told(methodRegistered(origin, 'phone', 'office')), 'Phone, Office phone');
    assert.equal(told(methodRegistered(origin, 'security-key', '3')), 'Security key');
    assert.equal(told(passwordReset(origin, ['email', 'text-message'])), 'E-mail, Text message');
  });

  it('say why and what was ended, and nothing of what was not', () => {
    const none = { sessions: 0, grants: 0, trustedDevices: 0, appPasswords: 0 };
    const reset = { ...act, ...none, reason: 'password-reset' };
    assert.equal(told(everythingRevoked(reset)), 'The password was reset');
    assert.equal(
      verteld(everythingRevoked({ ...reset, sessions: 2 })),
      'Het wachtwoord is hersteld, Sessies beëindigd: 2',
    );
    assert.equal(
      told(passIssued({ ...act, minutes: 60, once: true })),
      'Minutes: 60, Good for one sign-in',
    );
  });

  it('tell what somebody typed as a reason as it is, whatever it is', () => {
    assert.equal(told(userBlocked({ ...act, reason: 'expired' })), 'Reason: expired');
    assert.match(told(userBlocked({ ...act, reason: 'fraud-reported' })), /it was not me/);
    assert.equal(
      verteld(stateChanged({ ...act, from: 'enabled', to: 'enforced' })),
      'Van: Ingeschakeld, naar: Afgedwongen',
    );
  });

  it('say what somebody was called and is, and nothing of where they are reached', () => {
    const before = {
      userPrincipalName: 'anna@a.example',
      displayName: 'Anna',
      mail: 'old@a.example',
    };
    const after = { userPrincipalName: 'an@a.example', displayName: 'An', mail: 'new@a.example' };
    const all = contactChanged({
      ...act,
      fields: ['userPrincipalName', 'mail', 'displayName'],
      before,
      after,
    });
    assert.equal(
      told(all),
      'Mailbox, User name: from anna@a.example to an@a.example, Name: from Anna to An',
    );
    assert.match(verteld(all), /Gebruikersnaam: van anna@a\.example naar an@a\.example/);
    assert.doesNotMatch(JSON.stringify(all), /old@|new@/);
    assert.equal(told(contactChanged({ ...act, fields: ['mail'], before, after })), 'Mailbox');
    assert.equal(told(contactChanged({ ...act, fields: ['externalId'] })), 'ID in a directory');
  });

  it('are told by their own name where they are new', () => {
    const event = { kind: 'moon-phase-noted', at, details: { phase: 'full', nights: 2 } };
    assert.deepEqual(detailsOf(event, names, 'en'), ['phase: full', 'nights: 2']);
  });
});
