/** What an organisation decides and knows, by Microsoft's own client against a running server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  Client,
  GraphError,
  PageIterator,
  type PageCollection,
} from '@microsoft/microsoft-graph-client';

import { personWith, programWith, type GraphCaller } from '../support/graph.ts';
import { addUser, codeOfApp, personAt } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { mp3, wav } from '../support/sounds.ts';
import { startTlsFront, type TlsFront } from '../support/tls-front.ts';
import { newFolder, startTweestap, type Place, type Tweestap } from '../support/tweestap.ts';

describe('Microsoft’s Graph client, for an organisation', () => {
  let front: TlsFront;
  let place: Place;
  let tweestap: Tweestap;
  let client: Client;
  before(async () => {
    front = await startTlsFront();
    place = newFolder();
    const environment = { ...place.environment, TWEESTAP_PUBLIC_URL: front.origin };
    place = { ...place, environment };
    tweestap = await startTweestap({ place, organisation: 'empty', environment });
    front.leadTo(tweestap.server.port);
    client = clientOf(await programWith(tweestap, 'global-admin'));
  });
  after(async () => {
    await tweestap.stop();
    await front.close();
    await place.remove();
  });

  const clientOf = ({ token }: GraphCaller): Client =>
    Client.init({
      baseUrl: `${front.origin}/`,
      customHosts: new Set(['localhost']),
      authProvider: (done) => done(null, token),
    });
  const policy = () => tweestap.installation.policies.current();
  const stores = () => tweestap.installation.database.stores;
  const refusal = async (asked: Promise<unknown>): Promise<GraphError> => {
    try {
      await asked;
    } catch (error) {
      assert.ok(error instanceof GraphError, String(error));
      return error;
    }
    return assert.fail('it was not refused');
  };

  it('decides about all methods together', async () => {
    const whole = client.api('/policies/authenticationMethodsPolicy');
    const before_: Entity = await whole.get();
    assert.equal(before_['reconfirmationInDays'], 180);
    assert.deepEqual(
      entities(before_['authenticationMethodConfigurations']).map(({ id, state }) => [id, state]),
      [
        ['Fido2', 'enabled'],
        ['MicrosoftAuthenticator', 'enabled'],
        ['Sms', 'enabled'],
        ['Voice', 'enabled'],
        ['SoftwareOath', 'enabled'],
        ['HardwareOath', 'enabled'],
        ['TemporaryAccessPass', 'enabled'],
        ['Email', 'enabled'],
      ],
    );
    await whole.patch({
      '@odata.type': '#microsoft.graph.authenticationMethodsPolicy',
      // What is as it was may be sent along.
      id: before_['id'],
      policyMigrationState: before_['policyMigrationState'],
      reconfirmationInDays: 90,
      registrationEnforcement: {
        authenticationMethodsRegistrationCampaign: {
          snoozeDurationInDays: 2,
          enforceRegistrationAfterAllowedSnoozes: true,
          state: 'enabled',
          includeTargets: [
            {
              id: 'staff',
              targetType: 'group',
              targetedAuthenticationMethod: 'microsoftAuthenticator',
            },
          ],
          excludeTargets: [{ id: 'drivers', targetType: 'group' }],
        },
      },
      systemCredentialPreferences: { state: 'enabled' },
      reportSuspiciousActivitySettings: { voiceReportingCode: 7 },
    });
    const { reset, registration, systemPreferred, methods } = await policy();
    assert.equal(reset.reconfirmDays, 90);
    assert.deepEqual(registration.campaign, {
      enabled: true,
      includedGroups: ['staff'],
      excludedGroups: ['drivers'],
      snoozeDays: 2,
      snoozes: 3,
      requiredAfterwards: true,
    });
    assert.equal(systemPreferred, true);
    assert.equal(methods['phone-call']?.settings['reportKey'], '7');
    const after_: Entity = await whole.get();
    assert.equal(Number(after_['policyVersion']), Number(before_['policyVersion']) + 1);
    assert.notEqual(after_['lastModifiedDateTime'], null);
    const none = await refusal(whole.patch({ policyMigrationState: 'preMigration' }));
    assert.deepEqual([none.statusCode, none.code], [400, 'badRequest']);
    const quiet = { reportSuspiciousActivitySettings: { state: 'disabled' } };
    assert.match((await refusal(whole.patch(quiet))).message, /'state' cannot be changed here/);
    const all = { includeTargets: [] };
    const nobody = { registrationEnforcement: { authenticationMethodsRegistrationCampaign: all } };
    assert.match((await refusal(whole.patch(nobody))).message, /includeTargets names groups/);
    await whole.patch({ systemCredentialPreferences: { state: 'disabled' } });
    const kept = await policy();
    const read: Entity = await whole.get();
    await whole.patch(read);
    for (const { id, ...rest } of entities(read['authenticationMethodConfigurations'])) {
      const address = `authenticationMethodConfigurations/${String(id)}`;
      await client.api(`/policies/authenticationMethodsPolicy/${address}`).patch({ id, ...rest });
    }
    assert.deepEqual(await policy(), kept, 'what was read can be sent back whole');
  });

  it('decides about each method', async () => {
    const of = (id: string) =>
      client.api(`/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/${id}`);
    const sms: Entity = await of('sms').get();
    assert.deepEqual(sms['includeTargets'], [
      {
        targetType: 'group',
        id: 'all_users',
        isRegistrationRequired: false,
        isUsableForSignIn: false,
      },
    ]);
    // What was read can be sent back whole.
    await of('sms').patch({
      ...sms,
      state: 'disabled',
      includeTargets: [{ id: 'staff', targetType: 'group' }],
      excludeTargets: [{ id: 'drivers', targetType: 'group' }],
    });
    const kept = (await policy()).methods['text-message'];
    assert.deepEqual(kept, {
      enabled: false,
      includedGroups: ['staff'],
      excludedGroups: ['drivers'],
      settings: {},
    });
    assert.deepEqual((await of('Sms').get())['excludeTargets'], [
      { targetType: 'group', id: 'drivers' },
    ]);
    await of('Sms').delete();
    assert.equal((await of('Sms').get())['state'], 'enabled');

    await of('temporaryAccessPass').patch({
      '@odata.type': '#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration',
      defaultLifetimeInMinutes: 120,
      maximumLifetimeInMinutes: 600,
      isUsableOnce: false,
    });
    const pass: Entity = await of('temporaryAccessPass').get();
    assert.deepEqual(
      [pass['defaultLifetimeInMinutes'], pass['maximumLifetimeInMinutes'], pass['isUsableOnce']],
      [120, 600, false],
    );
    await of('voice').patch({ isOfficePhoneAllowed: false });
    assert.equal((await policy()).methods['phone-call']?.settings['officePhoneTyped'], false);
    const shown = 'displayAppInformationRequiredState';
    await of('microsoftAuthenticator').patch({
      includeTargets: [{ id: 'all_users', targetType: 'group', authenticationMode: 'any' }],
      featureSettings: { [shown]: { state: 'disabled' } },
    });
    assert.equal((await policy()).methods['notification']?.settings['showApplication'], false);
    await of('microsoftAuthenticator').patch({
      featureSettings: { [shown]: { state: 'default' } },
    });
    assert.deepEqual((await policy()).methods['notification']?.settings, {});
    const app: Entity = await of('MicrosoftAuthenticator').version('beta').get();
    const { numberMatchingRequiredState: numbers } = object(app['featureSettings']);
    assert.equal(object(numbers)['state'], 'enabled');

    const refused: readonly (readonly [string, Entity, RegExp])[] = [
      ['fido2', { isAttestationEnforced: true }, /'isAttestationEnforced' cannot be changed/],
      ['sms', { isUsableOnce: true }, /'isUsableOnce' cannot be changed/],
      ['sms', { '@odata.type': '#microsoft.graph.x' }, /'@odata.type' of Sms is/],
      ['sms', { includeTargets: [] }, /To leave out everybody, set the state/],
      ['sms', { includeTargets: [{ id: 'all_users' }, { id: 'staff' }] }, /includes every group/],
      [
        'sms',
        { includeTargets: [{ id: 'all_users', isRegistrationRequired: true }] },
        /isRegistrationRequired' cannot be changed/,
      ],
      [
        'sms',
        { includeTargets: [{ id: 'a', targetType: 'user' }] },
        /includeTargets\/0\/targetType/,
      ],
      ['sms', { excludeTargets: [{ id: 'all_users' }] }, /cannot be left out/],
      ['hardwareOath', { state: 'disabled' }, /goes by SoftwareOath/],
      ['temporaryAccessPass', { defaultLength: 3 }, /settings\.length/],
      [
        'microsoftAuthenticator',
        { featureSettings: { numberMatchingRequiredState: { state: 'disabled' } } },
        /always enabled/,
      ],
      [
        'microsoftAuthenticator',
        {
          featureSettings: {
            [shown]: { state: 'enabled', includeTarget: { id: 'staff', targetType: 'group' } },
          },
        },
        /the same for everybody/,
      ],
    ];
    for (const [id, change, message] of refused) {
      const error = await refusal(of(id).patch(change));
      assert.deepEqual([error.statusCode, error.code], [400, 'badRequest'], id);
      assert.match(error.message, message);
    }
    assert.equal((await refusal(of('qrCodePin').get())).statusCode, 404);
  });

  it('keeps authentication strengths', async () => {
    const strengths = '/policies/authenticationStrengthPolicies';
    const builtIn: Collection = await client.api(strengths).get();
    assert.deepEqual(
      builtIn.value.map(({ displayName }) => displayName),
      ['Multifactor authentication', 'Passwordless MFA', 'Phishing-resistant MFA'],
    );
    assert.deepEqual(builtIn.value[2]?.['allowedCombinations'], ['fido2']);
    const added: Entity = await client.api(strengths).post({
      '@odata.type': '#microsoft.graph.authenticationStrengthPolicy',
      displayName: 'App or key',
      description: '',
      policyType: 'custom',
      allowedCombinations: ['password,microsoftAuthenticatorPush', 'fido2'],
    });
    assert.equal(added['id'], 'app-or-key');
    const one = client.api(`${strengths}/app-or-key`);
    await one.patch({ displayName: 'An app or a key' });
    assert.equal((await one.get())['displayName'], 'An app or a key');
    const updated: Entity = await client
      .api(`${strengths}/app-or-key/updateAllowedCombinations`)
      .post({ allowedCombinations: ['fido2', 'password,softwareOath', 'hardwareOath,password'] });
    assert.deepEqual(
      [updated['previousCombinations'], updated['currentCombinations']],
      [
        ['password,microsoftAuthenticatorPush', 'fido2'],
        ['fido2', 'password,softwareOath', 'password,hardwareOath'],
      ],
    );
    const half = client.api(`${strengths}/app-or-key/updateAllowedCombinations`);
    const widened = await refusal(half.post({ allowedCombinations: ['password,softwareOath'] }));
    assert.match(widened.message, /'password,hardwareOath' goes with what was named/);
    const weak = await refusal(half.post({ allowedCombinations: ['password'] }));
    assert.match(weak.message, /a password alone is no second step/);
    const unknown = await refusal(
      half.post({ allowedCombinations: ['x509CertificateMultiFactor'] }),
    );
    assert.match(unknown.message, /no method 'x509/);
    assert.match((await refusal(one.patch({ description: 'a' }))).message, /'description' cannot/);

    const kind = ['--redirect-uri', 'https://payroll.example/callback'];
    const required = ['--required', 'app-or-key'];
    const { output } = await tweestap.command(
      'app',
      'add',
      'Payroll',
      ...kind,
      ...required,
      '--json',
    );
    const { clientId }: { readonly clientId?: string } = JSON.parse(output);
    const usage: Entity = await client.api(`${strengths}/app-or-key/usage`).get();
    assert.deepEqual(usage['mfa'], [{ id: clientId, displayName: 'Payroll' }]);
    assert.match((await refusal(one.delete())).message, /required by the application Payroll/);
    await tweestap.command('app', 'remove', String(clientId));
    const alias = '/identity/conditionalAccess/authenticationStrength/policies';
    await client.api(`${alias}/app-or-key`).delete();
    assert.equal((await client.api(alias).get()).value.length, 3);
    const fixed = client.api(`${strengths}/00000000-0000-0000-0000-000000000004`);
    assert.equal((await fixed.get())['policyType'], 'builtIn');
    assert.match((await refusal(fixed.delete())).message, /built-in/);
  });

  it('says whether people with a role reset their own password (row A-098)', async () => {
    const one = client.api('/policies/authorizationPolicy');
    assert.equal((await one.get())['allowedToUseSSPR'], true);
    await one.patch({ allowedToUseSSPR: false });
    assert.equal((await one.get())['allowedToUseSSPR'], false);
    assert.equal((await policy()).reset.forRoles, false);
    await one.patch({ ...(await one.get()), allowedToUseSSPR: true });
    assert.equal((await policy()).reset.forRoles, true);
    assert.match(
      (await refusal(one.patch({ allowInvitesFrom: 'none' }))).message,
      /allowInvitesFrom/,
    );
  });

  it('keeps the trusted addresses as a named location', async () => {
    const locations = '/identity/conditionalAccess/namedLocations';
    assert.deepEqual((await client.api(locations).get()).value, []);
    const office = {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      displayName: 'Trusted IPs',
      isTrusted: true,
      ipRanges: [
        { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '198.51.100.0/24' },
        { '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '2001:db8::/32' },
      ],
    };
    const made: Entity = await client.api(locations).post(office);
    assert.equal(made['id'], 'trusted-ips');
    assert.deepEqual((await policy()).trustedIps, ['198.51.100.0/24', '2001:db8::/32']);
    assert.equal((await refusal(client.api(locations).post(office))).statusCode, 409);
    const one = client.api(`${locations}/trusted-ips`);
    await one.patch({ ipRanges: [{ cidrAddress: '203.0.113.9/32' }] });
    assert.deepEqual((await one.get())['ipRanges'], [
      { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.9/32' },
    ]);
    const country = {
      '@odata.type': '#microsoft.graph.countryNamedLocation',
      displayName: 'Netherlands',
      countriesAndRegions: ['NL'],
    };
    assert.match(
      (await refusal(client.api(locations).post(country))).message,
      /never of countries/,
    );
    const wrong = [
      { '@odata.type': '#microsoft.graph.iPv6CidrRange', cidrAddress: '203.0.113.0/24' },
      { cidrAddress: '203.0.113.0/99' },
    ];
    for (const each of wrong) {
      const error = await refusal(one.patch({ ipRanges: [each] }));
      assert.match(error.message, /no such range/);
    }
    assert.match((await refusal(one.patch({ isTrusted: false }))).message, /not trusted/);
    await one.delete();
    assert.equal((await refusal(one.get())).statusCode, 404);
    assert.deepEqual((await policy()).trustedIps, []);
  });

  it('tells who has registered what', async () => {
    const withApp = await addUser(tweestap, ['app'], { role: 'help-desk' });
    const withPhone = await addUser(tweestap, ['phone']);
    const without = await addUser(tweestap, []);
    const details = '/reports/authenticationMethods/userRegistrationDetails';
    const all: Collection = await client.api(details).get();
    assert.equal(all.value.length, await stores().users.count());
    const one: Entity = await client.api(`${details}/${withApp.id}`).get();
    assert.deepEqual(
      [one['isAdmin'], one['isMfaRegistered'], one['isMfaCapable'], one['isPasswordlessCapable']],
      [true, true, true, false],
    );
    assert.deepEqual(one['methodsRegistered'], ['softwareOneTimePasscode']);
    assert.deepEqual(one['systemPreferredAuthenticationMethods'], ['oath']);
    assert.deepEqual([one['isSsprEnabled'], one['isSsprCapable']], [false, false]);
    const idsOf = async (filter: string) => {
      const found: Collection = await client.api(details).filter(filter).get();
      return found.value.map(({ id }) => id);
    };
    assert.deepEqual(
      await idsOf(`userPrincipalName eq '${withPhone.userPrincipalName.toUpperCase()}'`),
      [withPhone.id],
    );
    const startsSo = `startsWith(userPrincipalName,'${without.userPrincipalName}')`;
    assert.deepEqual(await idsOf(`${startsSo} and isMfaRegistered eq false`), [without.id]);
    const phones = await idsOf("methodsRegistered/any(m:m eq 'mobilePhone')");
    assert.ok(phones.includes(withPhone.id) && !phones.includes(withApp.id));
    assert.deepEqual(await idsOf('isAdmin eq true'), [withApp.id]);

    const counted = '/reports/authenticationMethods/usersRegisteredBy';
    const by = (what: string, roles: string) =>
      client.api(`${counted}${what}(includedUserTypes='all',includedUserRoles='${roles}')`).get();
    const methods: Entity = await by('Method', 'admin');
    assert.deepEqual(
      [methods['totalUserCount'], methods['userRegistrationMethodCounts']],
      [1, [{ authenticationMethod: 'softwareOneTimePasscode', userCount: 1 }]],
    );
    const features: Entity = await by('Feature', 'all');
    const mfa = entities(features['userRegistrationFeatureCounts']).find(
      ({ feature }) => feature === 'mfaCapable',
    );
    const capable = all.value.filter(({ isMfaCapable }) => isMfaCapable === true);
    assert.equal(mfa?.['userCount'], capable.length);
    const wrong = client.api(`${counted}Method(includedUserRoles='kings')`).get();
    assert.equal((await refusal(wrong)).code, 'badRequest');
    const none = client.api('/reports/authenticationMethods/somethingElse()').get();
    assert.equal((await refusal(none)).statusCode, 404);
  });

  it('has the reports of resets that scripts ask beta for', async () => {
    const { id, userPrincipalName } = await addUser(tweestap, ['phone', 'app']);
    const beta = (path: string) => client.api(`/reports/${path}`).version('beta');
    const found: Collection = await beta('credentialUserRegistrationDetails')
      .filter(`userPrincipalName eq '${userPrincipalName}'`)
      .get();
    const [details] = found.value;
    assert.deepEqual(
      [details?.['id'], details?.['isMfaRegistered'], details?.['isCapable']],
      [id, true, details?.['isEnabled']],
    );
    assert.deepEqual(
      new Set([details?.['authMethods']].flat()),
      new Set(['mobilePhone', 'appCode']),
    );
    const { value }: Collection = await beta('getCredentialUserRegistrationCount').get();
    const [counts] = value;
    assert.deepEqual(
      entities(counts?.['userRegistrationCounts']).map((each) => each['registrationStatus']),
      ['registered', 'enabled', 'capable', 'mfaRegistered'],
    );
    const summary = (period: string) => beta(`getCredentialUsageSummary(period='${period}')`).get();
    assert.ok(Array.isArray((await summary('D30')).value));
    assert.equal((await refusal(summary('D31'))).statusCode, 404);
  });

  it('tells who signed in, and how', async () => {
    const identity = await addUser(tweestap, ['app']);
    const person = personAt(tweestap, identity);
    await person.arrives();
    await person.typesCode('000000');
    await person.typesCode(person.appCode());
    const other = personAt(tweestap, await addUser(tweestap, ['app']));
    await other.browser.open('/sign-in');
    await other.typesName();
    await other.typesPassword('not the password at all');

    const signIns = '/auditLogs/signIns';
    const theirs: Collection = await client
      .api(signIns)
      .version('beta')
      .filter(`userId eq '${identity.id}' and createdDateTime ge 2020-01-01T00:00:00Z`)
      .get();
    const [done] = theirs.value;
    assert.deepEqual(
      [done?.['userPrincipalName'], object(done?.['status'])['errorCode']],
      [identity.userPrincipalName, 0],
    );
    assert.equal(done?.['authenticationRequirement'], 'multiFactorAuthentication');
    assert.deepEqual(
      entities(done?.['authenticationDetails']).map((step) => [
        step['authenticationMethod'],
        step['succeeded'],
        step['authenticationStepRequirement'],
      ]),
      [
        ['Password', true, 'primaryAuthentication'],
        ['Software OATH token', false, 'secondaryAuthentication'],
        ['Software OATH token', true, 'secondaryAuthentication'],
      ],
    );
    const failed: Collection = await client
      .api(signIns)
      .filter(`userPrincipalName eq '${other.userPrincipalName}' and status/errorCode eq 50126`)
      .get();
    assert.equal(failed.value.length, 1);
    assert.ok(!Object.hasOwn(failed.value[0] ?? {}, 'authenticationDetails'), 'that is in beta');
    const id = String(done?.['id']);
    assert.equal((await client.api(`${signIns}/${id}`).get())['correlationId'], id);
    assert.equal((await refusal(client.api(`${signIns}/none`).get())).statusCode, 404);

    const seen: unknown[] = [];
    const first: PageCollection = await client.api(signIns).top(1).select(['id']).get();
    const pages = new PageIterator(client, first, (each: Entity) => seen.push(each['id']) > 0);
    await pages.iterate();
    const events = await stores().signInEvents.list({ limit: 1_000 });
    assert.deepEqual(
      seen,
      events.map((event) => event.id),
    );

    const steps: Collection = await client
      .api('/auditLogs/directoryAudits')
      .filter(`correlationId eq '${id}'`)
      .get();
    assert.ok(steps.value.some((step) => step['activityDisplayName'] === 'answer-rejected'));
    const usage: Collection = await client
      .api('/reports/userCredentialUsageDetails')
      .version('beta')
      .filter("feature eq 'registration'")
      .get();
    assert.ok(Array.isArray(usage.value));
  });

  it('tells who changed what, from what to what', async () => {
    const helper = await programWith(tweestap, 'authentication-policy-admin');
    const campaign = { authenticationMethodsRegistrationCampaign: { snoozeDurationInDays: 5 } };
    await clientOf(helper)
      .api('/policies/authenticationMethodsPolicy')
      .patch({ registrationEnforcement: campaign });
    const audits = '/auditLogs/directoryAudits';
    const found: Collection = await client
      .api(audits)
      .filter(
        `activityDisplayName eq 'policy-changed' and initiatedBy/app/appId eq '${helper.clientId}'`,
      )
      .get();
    const [changed] = found.value;
    assert.deepEqual(object(changed?.['initiatedBy'])['app'], {
      appId: helper.clientId,
      displayName: 'Script of authentication-policy-admin',
    });
    const [policyTarget] = entities(changed?.['targetResources']);
    assert.deepEqual(
      [policyTarget?.['type'], policyTarget?.['modifiedProperties']],
      [
        'Policy',
        [
          {
            displayName: 'registration.campaign.snoozeDays',
            oldValue: '2',
            newValue: '5',
          },
        ],
      ],
    );
    const { id } = await addUser(tweestap, []);
    await client
      .api(`/users/${id}/authentication/requirements`)
      .version('beta')
      .patch({ perUserMfaState: 'disabled' });
    const about: Collection = await client
      .api(audits)
      .filter(`targetResources/any(t:t/type eq 'User' and t/id eq '${id}')`)
      .top(1)
      .get();
    const [target] = entities(about.value[0]?.['targetResources']);
    assert.deepEqual(
      [
        about.value[0]?.['activityDisplayName'],
        object(entities(target?.['modifiedProperties'])[0])['newValue'],
      ],
      ['per-user-mfa-state-changed', '"disabled"'],
    );
    const one: Entity = await client.api(`${audits}/${String(changed?.['id'])}`).get();
    assert.equal(one['activityDateTime'], changed?.['activityDateTime']);
    assert.equal((await refusal(client.api(`${audits}/999999`).get())).statusCode, 404);
  });

  it('calls what was registered for somebody as Entra does (row A-112)', async () => {
    const { id } = await addUser(tweestap, []);
    await client
      .api(`/users/${id}/authentication/phoneMethods`)
      .post({ phoneNumber: '+31 612345671', phoneType: 'mobile' });
    const found: Collection = await client
      .api('/auditLogs/directoryAudits')
      .filter(
        `activityDisplayName eq 'Admin registered security info' and targetResources/any(t:t/id eq '${id}')`,
      )
      .get();
    assert.deepEqual(
      found.value.map((each) => [
        each['loggedByService'],
        each['operationType'],
        each['result'],
        each['resultReason'],
        entities(each['additionalDetails'])[0],
      ]),
      [
        [
          'Authentication Methods',
          'Add',
          'success',
          'Admin registered Mobile Phone',
          { key: 'event', value: 'method-registered-by-admin' },
        ],
      ],
    );
  });

  it('tells what somebody was called before, and is called now', async () => {
    const { id } = await addUser(tweestap, [], { displayName: 'Called before' });
    await client.api(`/users/${id}`).patch({ displayName: 'Renamed' });
    const found: Collection = await client
      .api('/auditLogs/directoryAudits')
      .filter(`activityDisplayName eq 'contact-changed' and targetResources/any(t:t/id eq '${id}')`)
      .get();
    const [person] = entities(found.value[0]?.['targetResources']);
    assert.deepEqual(person?.['modifiedProperties'], [
      {
        displayName: 'displayName',
        oldValue: '"Called before"',
        newValue: '"Renamed"',
      },
    ]);
  });

  it('keeps hardware tokens, and gives them to people', async () => {
    const beta = (path: string) => client.api(path).version('beta');
    const devices = '/directory/authenticationMethodDevices/hardwareOathDevices';
    const secretKey = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const device = {
      '@odata.type': '#microsoft.graph.hardwareOathTokenAuthenticationMethodDevice',
      serialNumber: 'galt-1',
      manufacturer: 'Thales',
      model: 'OTP 110',
      secretKey,
      timeIntervalInSeconds: 30,
      hashFunction: 'hmacsha1',
    };
    const added: Entity = await beta(devices).post(device);
    assert.deepEqual(
      [added['serialNumber'], added['status'], added['secretKey'], added['hashFunction']],
      ['GALT-1', 'available', null, 'hmacsha1'],
    );
    assert.equal((await refusal(beta(devices).post(device))).statusCode, 409);
    const odd = { ...device, serialNumber: 'galt-9', timeIntervalInSeconds: 45 };
    assert.match((await refusal(beta(devices).post(odd))).message, /timeIntervalInSeconds/);

    const owner = await addUser(tweestap, []);
    const many: Entity = await beta(devices).patch({
      '@context': '#$delta',
      value: [
        { '@contentId': '1', ...device, serialNumber: 'galt-2', assignTo: { id: owner.id } },
        { '@contentId': '2', ...device },
        { '@contentId': '3', ...device, serialNumber: 'galt-3' },
      ],
    });
    const [second, failed, third] = entities(many['value']);
    assert.deepEqual(
      [second?.['status'], second?.['@contentId'], third?.['status']],
      ['assigned', '1', 'available'],
    );
    const why = object(failed?.['@Core.DataModificationException']);
    assert.equal(why['responseCode'], 409);
    const found: Collection = await beta(devices).filter("serialNumber eq 'galt-2'").get();
    assert.deepEqual(
      found.value.map((each) => object(each['assignedTo'])['id']),
      [owner.id],
    );

    const methods = `/users/${owner.id}/authentication/hardwareOathMethods`;
    const [first]: readonly Entity[] = (await beta(methods).get()).value;
    assert.equal(object(first?.['device'])['serialNumber'], 'GALT-2');
    const activate = (user: string, id: unknown, verificationCode: string) =>
      beta(`/users/${user}/authentication/hardwareOathMethods/${String(id)}/activate`).post({
        verificationCode,
      });
    const wrong = await refusal(activate(owner.id, first?.['id'], '000000'));
    assert.match(wrong.message, /verificationCode is wrong/);
    await activate(owner.id, first?.['id'], codeOfApp(secretKey, tweestap.now()));
    const all: Collection = await client.api(`/users/${owner.id}/authentication/methods`).get();
    const listed = all.value.find(
      (each) => each['@odata.type'] === '#microsoft.graph.hardwareOathAuthenticationMethod',
    );
    assert.equal(object(listed?.['device'])['status'], 'activated');
    const same: Entity = await beta(`${methods}/${String(listed?.['id'])}`).get();
    assert.equal(same['id'], first?.['id']);
    assert.equal((await refusal(activate(owner.id, same['id'], '000000'))).statusCode, 400);

    const given: Entity = await beta(methods).post({ device: { id: added['id'] } });
    assert.equal(object(given['device'])['status'], 'assigned');
    const again = beta(methods).post({ device: { id: added['id'] } });
    assert.match((await refusal(again)).message, /assigned to a user already/);
    await beta(`${methods}/${String(given['id'])}`).delete();
    await beta(`${devices}/${String(added['id'])}`).delete();
    assert.equal((await refusal(beta(`${devices}/${String(added['id'])}`).get())).statusCode, 404);

    const person = await personWith(tweestap, 'user');
    await beta(`/users/${person.id}/authentication/hardwareOathMethods`).post({
      device: { ...device, serialNumber: 'galt-4', '@odata.type': undefined },
    });
    const mine = clientOf(person).api('/me/authentication/hardwareOathMethods').version('beta');
    const [own]: readonly Entity[] = (await mine.get()).value;
    await clientOf(person)
      .api(`/me/authentication/hardwareOathMethods/${String(own?.['id'])}/activate`)
      .version('beta')
      .post({ verificationCode: codeOfApp(secretKey, tweestap.now()) });
    assert.equal(object((await mine.get()).value[0]?.['device'])['status'], 'activated');
  });

  describe('at Tweestap’s own root', () => {
    const own = (path: string, from = client) => from.api(`${front.origin}/tweestap/v1${path}`);

    it('lets two administrators agree with each other, and no program', async () => {
      const anna = clientOf(await personWith(tweestap, 'global-admin'));
      const bram = clientOf(await personWith(tweestap, 'global-admin'));
      const about = await addUser(tweestap, [], { role: 'help-desk' });
      const block = () => own(`/users/${about.id}/block`, anna).post({ reason: 'Left' });
      const wish = { act: 'block', userId: about.id, reason: 'Left yesterday' };
      await own('/policy').patch({ administration: { secondApproval: true } });
      assert.match((await refusal(block())).message, /at \/tweestap\/v1\/approvals/);
      const program = await refusal(own('/approvals').post(wish));
      assert.equal(program.statusCode, 403);
      assert.match(program.message, /somebody who is signed in/);

      const asked: Entity = await own('/approvals', anna).post(wish);
      assert.deepEqual([asked['status'], asked['userId']], ['open', about.id]);
      assert.equal((await refusal(own('/approvals', anna).post(wish))).statusCode, 409);
      const address = `/approvals/${String(asked['id'])}`;
      for (const from of [anna, client]) {
        const denied = await refusal(own(`${address}/agree`, from).post({}));
        assert.equal(denied.statusCode, 403, 'neither who asked nor a program');
      }
      await own(`${address}/agree`, bram).post({});
      assert.equal((await own(address).get())['status'], 'agreed');
      const late = own(`${address}/decline`, bram).post({});
      assert.match((await refusal(late)).message, /decided before/);
      await block();
      assert.equal((await own(address).get())['status'], 'done');

      const other: Entity = await own('/approvals', bram).post({
        act: 'change-role',
        userId: about.id,
        role: 'global-admin',
        reason: 'Takes over',
      });
      await own(`/approvals/${String(other['id'])}/decline`, anna).post({});
      const all: Collection = await own('/approvals').get();
      assert.deepEqual(
        all.value.map(({ act, status }) => [act, status]),
        [
          ['change-role', 'declined'],
          ['block', 'done'],
        ],
      );
      const strange: readonly Entity[] = [
        { act: 'block', reason: 'Nobody' },
        { act: 'change-role', userId: about.id, reason: 'No role' },
        { act: 'see', userId: about.id, reason: 'Not an act' },
      ];
      for (const each of strange) {
        assert.equal((await refusal(own('/approvals', anna).post(each))).statusCode, 400);
      }
      assert.equal((await refusal(own('/approvals/none/agree', anna).post({}))).statusCode, 404);
      // Whoever has the machine needs nobody's agreement.
      await tweestap.command('policy', 'set', 'administration.secondApproval', 'false');
    });

    it('changes the policy as a whole, from the version that it knows', async () => {
      const read: Entity = await own('/policy').get();
      const etag = String(read['@odata.etag']);
      assert.match(etag, /^W\/"\d+"$/);
      await own('/policy')
        .header('If-Match', etag)
        .patch({ lockout: { wrongSteps: 5 }, organisation: { helpLink: 'mailto:help@x.example' } });
      const { lockout, organisation } = await policy();
      assert.deepEqual([lockout.wrongSteps, lockout.pauseMinutes], [5, 15], 'the rest stays');
      assert.equal(organisation.helpLink, 'mailto:help@x.example');
      const stale = own('/policy')
        .header('If-Match', etag)
        .patch({ lockout: { wrongSteps: 6 } });
      const { statusCode, code } = await refusal(stale);
      assert.deepEqual([statusCode, code], [412, 'resourceModified']);
      await own('/policy').patch({ organisation: { helpLink: null } });
      assert.equal((await policy()).organisation.helpLink, undefined);
      const wrong = await refusal(own('/policy').patch({ lockout: { wrongSteps: 1 }, evil: true }));
      assert.match(wrong.message, /evil/);
      assert.match(wrong.message, /lockout\.wrongSteps/);
      const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
      assert.equal((await refusal(own('/policy').patch(deep))).statusCode, 400);
    });

    it('changes what Entra keeps on pages of its own', async () => {
      await own('/serviceSettings').patch({
        appPasswords: { allowed: true },
        trustedIps: ['192.0.2.0/24'],
        verificationOptions: { textMessage: false },
        trustedDevices: { allowed: true, days: 14 },
      });
      const settings: Entity = await own('/serviceSettings').get();
      assert.deepEqual(settings['verificationOptions'], {
        phoneCall: true,
        textMessage: false,
        notification: true,
        verificationCode: true,
      });
      assert.equal((await policy()).trustedDevices.days, 14);
      await own('/serviceSettings').patch({
        trustedIps: [],
        verificationOptions: { textMessage: true },
      });
      const strange = own('/serviceSettings').patch({ passwords: {} });
      assert.match((await refusal(strange)).message, /Invalid property 'passwords'/);
      await own('/resetPolicy').patch({ allowedFor: 'group', group: 'staff', gates: 1 });
      assert.equal((await own('/resetPolicy').get())['group'], 'staff');
      const bare = own('/resetPolicy').patch({ group: null });
      assert.match((await refusal(bare)).message, /Name the group/);
      await own('/securityQuestions').patch({ enabled: true, settings: { register: 4 } });
      const questions: Entity = await own('/securityQuestions').get();
      assert.deepEqual(
        [questions['enabled'], object(questions['settings'])['register']],
        [true, 4],
      );
    });

    it('deletes app passwords, blocks and unblocks', async () => {
      const { id } = await addUser(tweestap, []);
      const add = (slot: number) =>
        stores().appPasswords.add({
          id: `${id}-${slot}`,
          userId: id,
          name: `Mail ${slot}`,
          hash: Buffer.from(`${id}${slot}`),
          slot,
          door: undefined,
          createdAt: tweestap.now(),
          expiresAt: undefined,
          lastUse: undefined,
        });
      for (const slot of [1, 2, 3]) await add(slot);
      const made: Collection = await own(`/users/${id}/appPasswords`).get();
      assert.deepEqual(
        made.value.map(({ displayName }) => displayName),
        ['Mail 1', 'Mail 2', 'Mail 3'],
      );
      await own(`/users/${id}/appPasswords/${id}-1`).delete();
      await own(`/users/${id}/appPasswords`).delete();
      assert.deepEqual((await own(`/users/${id}/appPasswords`).get()).value, []);

      await own(`/users/${id}/block`).post({ reason: 'Phone stolen' });
      const block: Entity = await own(`/users/${id}/block`).get();
      assert.deepEqual(
        [block['isBlocked'], block['reason'], block['endDateTime']],
        [true, 'Phone stolen', null],
      );
      await own(`/users/${id}/unblock`).post({ reason: 'Found again' });
      assert.equal((await own(`/users/${id}/block`).get())['isBlocked'], false);
      const twice = own(`/users/${id}/unblock`).post({ reason: 'Found again' });
      assert.match((await refusal(twice)).message, /not blocked/);
    });

    it('connects applications and clients, and tells their secrets once', async () => {
      const added: Entity = await own('/applications').post({
        displayName: 'Intranet',
        redirectUris: ['https://intranet.example/callback'],
      });
      assert.match(String(added['clientSecret']), /^\S{20,}$/);
      const address = `/applications/${String(added['id'])}`;
      await own(address).patch({ required: 'second-step' });
      const shown: Entity = await own(address).get();
      assert.deepEqual([shown['required'], shown['clientSecret']], ['second-step', undefined]);
      const renewed: Entity = await own(`${address}/renewSecret`).post({});
      assert.notEqual(renewed['clientSecret'], added['clientSecret']);
      const wrong = own('/applications').post({
        displayName: '',
        redirectUris: ['http://x.example'],
      });
      assert.match((await refusal(wrong)).message, /displayName: .*redirectUris: /);
      await own(address).delete();
      assert.equal((await refusal(own(address).get())).statusCode, 404);

      const gateway: Entity = await own('/radiusClients').post({
        displayName: 'VPN',
        addresses: ['192.0.2.7'],
        mode: 'password-then-challenge',
      });
      assert.match(String(gateway['sharedSecret']), /^\S{16,}$/);
      const gateways: Collection = await own('/radiusClients').get();
      assert.deepEqual(
        gateways.value.map(({ id, sharedSecret }) => [id, sharedSecret]),
        [[gateway['id'], undefined]],
      );
      await own(`/radiusClients/${String(gateway['id'])}`).delete();
      const mail: Entity = await own('/ldapClients').post({ id: 'mail' });
      assert.match(String(mail['password']), /^\S{20,}$/);
      assert.equal((await refusal(own('/ldapClients').post({ id: 'mail' }))).statusCode, 409);
      await own('/ldapClients/mail').delete();
      assert.deepEqual((await own('/ldapClients').get()).value, []);
    });

    it('does one thing for many, for a program and for somebody who is signed in', async () => {
      const people = await Promise.all([addUser(tweestap, []), addUser(tweestap, [])]);
      const asked = { step: 'disable', userIds: people.map(({ id }) => id) };
      const reader = await programWith(tweestap, 'reports-reader');
      const denied = await refusal(own('/jobs/quickStep', clientOf(reader)).post(asked));
      assert.equal(denied.statusCode, 403);
      const first: Entity = await own('/jobs/quickStep').post({
        ...asked,
        step: 'revoke-sessions',
      });
      assert.match(String(first['startedBy']), /^application:/);
      assert.deepEqual((await untilDone(first, client))['results'], { done: 2 });
      const grouped: Entity = await own('/jobs/groups').post({
        userIds: asked.userIds,
        join: ['new'],
      });
      assert.deepEqual((await untilDone(grouped, client))['results'], { done: 2 });
      const reminded: Entity = await own('/jobs/remind').post({ group: 'new' });
      assert.equal((await untilDone(reminded, client))['status'], 'done');
      // Longer than any other body.
      const names = Array.from({ length: 3_000 }, (_, i) => `row${i}@voorbeeld.example,Row ${i}`);
      const long = `userPrincipalName,displayName\n${names.join('\n')}\n`;
      assert.ok(long.length > 64 * 1024);
      const table: Entity = await own('/jobs/import').post({ csv: long });
      assert.deepEqual([table['status'], table['open']], ['draft', 3_000]);
      const boss = await personWith(tweestap, 'global-admin');
      const theirs = clientOf(boss);
      const begun: Entity = await own('/jobs/quickStep', theirs).post(asked);
      const done = await untilDone(begun, theirs);
      assert.deepEqual(done['results'], { done: 2 });
      const results: Collection = await own(`/jobs/${String(done['id'])}/results`).get();
      assert.deepEqual(
        results.value.map(({ userId, result }) => [userId, result]),
        people.map(({ id }) => [id, 'done']),
      );

      const csv = 'userPrincipalName,displayName\nnoor@voorbeeld.example,Noor\nnobody,\n';
      const draft: Entity = await own('/jobs/import', theirs).post({ csv });
      assert.equal(draft['status'], 'draft');
      await own(`/jobs/${String(draft['id'])}/begin`, theirs).post({});
      await untilDone(draft, theirs);
      const told: Collection = await own(`/jobs/${String(draft['id'])}/tellPasswords`, theirs).post(
        {},
      );
      assert.deepEqual(
        told.value.map(({ userPrincipalName }) => userPrincipalName),
        ['noor@voorbeeld.example'],
      );
      const again: Collection = await own(
        `/jobs/${String(draft['id'])}/tellPasswords`,
        theirs,
      ).post({});
      assert.deepEqual(again.value, [], 'they are told once');
      const listed: Collection = await own('/jobs').get();
      assert.deepEqual(
        listed.value.slice(0, 2).map(({ startedBy }) => startedBy),
        [boss.id, boss.id],
      );
      const bad = own('/jobs/import', theirs).post({ csv: 'name\nNoor\n' });
      assert.match((await refusal(bad)).message, /missing: userPrincipalName/);
    });

    const untilDone = async (begun: Entity, from: Client): Promise<Entity> => {
      for (let tries = 0; tries < 200; tries += 1) {
        const job: Entity = await own(`/jobs/${String(begun['id'])}`, from).get();
        if (job['status'] === 'done') return job;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return assert.fail('the job does not end');
    };

    it('tells what became of messages, and sends mail again', async () => {
      const { id } = await addUser(tweestap, []);
      await client
        .api(`/users/${id}/authentication/requirements`)
        .version('beta')
        .patch({ perUserMfaState: 'disabled' });
      const found: Collection = await own('/deliveries')
        .filter(`userId eq '${id}' and kind eq 'mail' and createdDateTime ge 2020-01-01T00:00:00Z`)
        .get();
      assert.equal(found.value.length, 1);
      const [mail] = found.value;
      const address = `/deliveries/${String(mail?.['id'])}`;
      assert.equal((await own(address).get())['userId'], id);
      assert.doesNotMatch(JSON.stringify(found), /@voorbeeld/, 'neither words nor addresses');
      const failed = () =>
        until('the mail to fail', async () => (await own(address).get())['status'] === 'failed');
      await failed();
      assert.equal(
        (await own(address).get())['failureReason'],
        'no provider carries mail messages',
      );
      await own(`${address}/retry`).post({});
      const [retried] = await stores().audit.list({ kind: 'delivery-retried', limit: 1 });
      assert.equal(retried?.userId, id);
      await failed();
      await stores().outbox.wipe(String(mail?.['id']));
      assert.match((await refusal(own(`${address}/retry`).post({}))).message, /nothing to send/);
      assert.equal((await refusal(own('/deliveries/none').get())).statusCode, 404);
      const first: PageCollection = await own('/deliveries').top(1).get();
      assert.ok(first['@odata.nextLink'], 'there are more');
      const next: Collection = await client.api(first['@odata.nextLink'] ?? '').get();
      assert.equal(next.value.length, 1);
      assert.notEqual(next.value[0]?.['id'], entities(first.value)[0]?.['id']);
    });

    it('says in calls what the organisation says, in words or by a sound', async () => {
      const all: Collection = await own('/greetings').filter("language eq 'nl'").get();
      assert.equal(all.value.length, 6, 'one for each moment of a call');
      const address = '/greetings/nl-greeting';
      const before_: Entity = await own(address).get();
      assert.match(String(before_['builtInWords']), /\{organisation\}.*\{person\}/);
      assert.deepEqual([before_['words'], before_['hasSound']], [null, false]);
      // What we say by ourselves is made one's own as it is.
      await own(address).patch({ words: before_['builtInWords'] });
      assert.equal((await own(address).get())['words'], before_['builtInWords']);
      const leaks = own(address).patch({ words: 'Uw code is {code}.' });
      assert.match((await refusal(leaks)).message, /only \{organisation\} and \{person\}/);

      const sound = (bytes: Buffer, from = client) =>
        own(`${address}/sound`, from).post({ content: bytes.toString('base64') });
      await sound(mp3(19));
      const played: Entity = await own(address).get();
      assert.deepEqual([played['words'], played['hasSound']], [null, true]);
      const [event] = await stores().audit.list({ kind: 'greeting-changed', limit: 1 });
      assert.match(event?.actor ?? '', /^application:/);
      assert.deepEqual(event?.details, { language: 'nl', moment: 'greeting', to: 'sound' });
      const large = Buffer.concat([wav(1), Buffer.alloc(1_048_576)]);
      assert.match((await refusal(sound(large))).message, /larger than 1048576 bytes/);
      assert.match((await refusal(sound(wav(20)))).message, /20 seconds or longer/);
      assert.match((await refusal(sound(Buffer.from('<svg/>')))).message, /neither a WAV/);
      const odd = own(`${address}/sound`).post({ content: 'not base64!' });
      assert.match((await refusal(odd)).message, /'content'/);
      const huge = await refusal(sound(Buffer.alloc(2_000_000)));
      assert.deepEqual([huge.statusCode, huge.code], [413, 'Request_EntityTooLarge']);
      const helper = clientOf(await programWith(tweestap, 'help-desk'));
      const unread = await refusal(sound(Buffer.alloc(2_000_000), helper));
      assert.equal(unread.statusCode, 403, 'nothing is read from who may not send it');

      await own(address).delete();
      const again: Entity = await own(address).get();
      assert.deepEqual([again['words'], again['hasSound']], [null, false]);
      assert.equal((await refusal(own('/greetings/de-thanks').get())).statusCode, 404);
    });

    it('opens a block of numbers that closed itself', async () => {
      const prefix = '+37181';
      await stores().closedPrefixes.close({
        prefix,
        closedAt: tweestap.now(),
        sent: 60,
        answered: 3,
      });
      const closed: Collection = await own('/numberBlocks').filter("status eq 'closed'").get();
      assert.deepEqual(
        closed.value.map(({ id, sent, answered }) => [id, sent, answered]),
        [[prefix, 60, 3]],
      );
      await own(`/numberBlocks/${prefix}/open`).post({});
      const [opened] = entities((await own('/numberBlocks').get()).value);
      assert.equal(opened?.['status'], 'open');
      assert.match(String(opened?.['openedBy']), /^application:/);
      assert.match((await refusal(own(`/numberBlocks/${prefix}/open`).post({}))).message, /not cl/);
      assert.equal((await refusal(own('/numberBlocks/+999/open').post({}))).statusCode, 404);
    });

    it('says what would happen, and that the log is whole', async () => {
      const person = await addUser(tweestap, ['app']);
      const answer: Entity = await own('/whatIf').post({
        user: person.userPrincipalName,
        ipAddress: '203.0.113.7',
      });
      assert.deepEqual(
        entities(answer['steps']).map(({ step }) => step),
        ['password-typed', 'start', 'finish'],
      );
      assert.deepEqual(entities(answer['reasons']), [{ kind: 'state', state: 'enforced' }]);
      const nobody = own('/whatIf').post({ user: 'nobody', ipAddress: '203.0.113.7' });
      assert.equal((await refusal(nobody)).statusCode, 404);
      const check: Entity = await own('/auditLog/verify').post({});
      assert.deepEqual([check['brokenAt'], check['isDone']], [null, true]);
      assert.equal(check['checked'], check['length']);
    });
  });

  it('is denied what its role does not decide', async () => {
    const helper = clientOf(await programWith(tweestap, 'help-desk'));
    assert.equal(
      (await helper.api('/policies/authenticationMethodsPolicy').get())['reconfirmationInDays'],
      90,
    );
    const change = helper.api('/policies/authenticationMethodsPolicy').patch({});
    assert.equal((await refusal(change)).statusCode, 403);
    const [newest] = await stores().audit.list({ kind: 'policy-changed', limit: 1 });
    assert.match(newest?.actor ?? '', /^application:/, 'what was changed is on record');
  });
});

type Entity = Readonly<Record<string, unknown>>;

interface Collection {
  readonly value: readonly Entity[];
  readonly '@odata.count'?: number;
  readonly '@odata.nextLink'?: string;
}

function object(value: unknown): Entity {
  assert.ok(isEntity(value), 'this is no object');
  return value;
}

function entities(value: unknown): readonly Entity[] {
  assert.ok(Array.isArray(value), 'this is no list');
  return value.filter(isEntity);
}

function isEntity(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null;
}
