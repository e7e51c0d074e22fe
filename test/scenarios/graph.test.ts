/** Microsoft's own client, unchanged but for its base address, against a running server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  GraphError,
  PageIterator,
  ResponseType,
  type PageCollection,
} from '@microsoft/microsoft-graph-client';
import { Validator } from '@seriousme/openapi-schema-validator';

import { personWith, programWith, type GraphCaller, type GraphPerson } from '../support/graph.ts';
import { softKey } from '../support/authenticator.ts';
import { addUser } from '../support/people.ts';
import { startTlsFront, type TlsFront } from '../support/tls-front.ts';
import { newFolder, startTweestap, type Place, type Tweestap } from '../support/tweestap.ts';

const mobileId = '3179e48a-750b-4051-897c-87b9720928f7';
const alternateId = 'b6332ec1-7057-4abe-9331-3d72feddfe41';
const officeId = 'e37fc753-ff3b-4958-9484-eaa9425c82bc';
const emailId = '3ddfcfc8-9383-446f-83cc-3ab9be4be18f';
const passwordId = '28c10230-6103-485e-b985-444c60001490';

describe('Microsoft’s Graph client', () => {
  let front: TlsFront;
  let place: Place;
  let tweestap: Tweestap;
  let program: GraphCaller;
  let client: Client;
  before(async () => {
    front = await startTlsFront();
    place = newFolder();
    // Commands read the same settings as the service.
    const environment = { ...place.environment, TWEESTAP_PUBLIC_URL: front.origin };
    place = { ...place, environment };
    tweestap = await startTweestap({ place, organisation: 'empty', environment });
    front.leadTo(tweestap.server.port);
    program = await programWith(tweestap, 'global-admin');
    client = clientOf(program);
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
  const stores = () => tweestap.installation.database.stores;
  const someone = (registered: readonly ('app' | 'phone')[] = []) => addUser(tweestap, registered);
  const refusal = async (asked: Promise<unknown>): Promise<GraphError> => {
    try {
      await asked;
    } catch (error) {
      assert.ok(error instanceof GraphError, String(error));
      return error;
    }
    return assert.fail('it was not refused');
  };

  it('keeps users', async () => {
    const added: User = await client.api('/users').post({
      accountEnabled: true,
      displayName: 'Gerda Graaf',
      mailNickname: 'gerda',
      userPrincipalName: 'gerda@voorbeeld.example',
      passwordProfile: {
        forceChangePasswordNextSignIn: true,
        password: 'een lang nieuw wachtwoord',
      },
    });
    assert.equal(added.displayName, 'Gerda Graaf');
    await client.api(`/users/${added.id}`).patch({ displayName: 'Gerda de Graaf' });
    assert.equal((await client.api(`/users/${added.id}`).get()).displayName, 'Gerda de Graaf');
    const nameless = client.api(`/users/${added.id}`).patch({ displayName: ' ' });
    assert.match((await refusal(nameless)).message, /'displayName'/);
    await client.api(`/users/${added.id}`).patch({ displayName: 'Gerda Graaf' });
    const byName: User = await client.api('/users/gerda@voorbeeld.example').get();
    assert.equal(byName.id, added.id);
    await client.api(`/users/${added.id}`).patch({
      mobilePhone: '06 12345612',
      businessPhones: ['+31 20 1234567 x12'],
      otherMails: ['gerda@home.example'],
      preferredLanguage: 'nl',
    });
    const changed: User = await client
      .api(`/users/${added.id}`)
      .select(['mobilePhone', 'businessPhones', 'otherMails', 'preferredLanguage'])
      .get();
    assert.deepEqual(
      [changed.mobilePhone, changed.businessPhones, changed.otherMails, changed.preferredLanguage],
      ['+31612345612', ['+31201234567x12'], ['gerda@home.example'], 'nl'],
    );
    await client.api(`/users/${added.id}`).patch({ accountEnabled: false });
    assert.equal((await stores().users.find(added.id))?.accountEnabled, false);
    const found: Collection = await client
      .api('/users')
      .filter("startsWith(displayName,'Gerda') and accountEnabled eq false")
      .header('ConsistencyLevel', 'eventual')
      .count(true)
      .get();
    assert.equal(found['@odata.count'], 1);
    assert.equal(found.value[0]?.['id'], added.id);
    const taken = await refusal(
      client.api('/users').post({
        displayName: 'Gerda',
        userPrincipalName: 'GERDA@voorbeeld.example',
        passwordProfile: { password: 'een lang nieuw wachtwoord' },
      }),
    );
    assert.deepEqual(
      [taken.statusCode, taken.code],
      [409, 'Request_MultipleObjectsWithSameKeyValue'],
    );
    const weak = await refusal(
      client.api(`/users/${added.id}`).patch({ passwordProfile: { password: 'gerda' } }),
    );
    assert.deepEqual([weak.statusCode, weak.code], [400, 'badRequest']);
    assert.match(weak.message, /passwordProfile\/password/);
  });

  it('removes an account with all that is registered, within reach of the role', async () => {
    const { id, userPrincipalName } = await addUser(tweestap, ['app', 'phone'], {});
    const helper = clientOf(await programWith(tweestap, 'help-desk'));
    assert.equal((await refusal(helper.api(`/users/${id}`).delete())).statusCode, 403);
    const boss = await addUser(tweestap, [], { role: 'global-admin' });
    const lesser = clientOf(await programWith(tweestap, 'authentication-admin'));
    assert.equal((await refusal(lesser.api(`/users/${boss.id}`).delete())).statusCode, 403);
    await client.api(`/users/${id}`).delete();
    assert.equal((await refusal(client.api(`/users/${id}`).get())).statusCode, 404);
    assert.equal((await refusal(client.api(`/users/${id}`).delete())).statusCode, 404);
    assert.deepEqual(await stores().registrations.list(id), []);
    const [event] = await stores().audit.list({ kind: 'user-removed', limit: 1 });
    assert.deepEqual(
      [event?.userId, event?.actor, event?.details['name']],
      [id, `application:${program.clientId}`, userPrincipalName],
    );
    // The name is free again, and whoever gets it is somebody else.
    const next: User = await client.api('/users').post({
      displayName: 'Next',
      userPrincipalName,
      passwordProfile: { password: 'een lang nieuw wachtwoord' },
    });
    assert.notEqual(next.id, id);
  });

  it('walks through pages by its iterator', async () => {
    for (let i = 0; i < 7; i += 1) await someone();
    const first: PageCollection = await client.api('/users').top(3).select('id').get();
    const seen: string[] = [];
    const iterator = new PageIterator(client, first, (user: { readonly id: string }) => {
      seen.push(user.id);
      return true;
    });
    await iterator.iterate();
    assert.ok(iterator.isComplete());
    assert.equal(seen.length, await stores().users.count());
    assert.equal(new Set(seen).size, seen.length);
  });

  it('keeps groups', async () => {
    const member = await someone();
    await stores().users.change(member.id, { groups: ['night shift', 'staff'] });
    const groups: Collection = await client.api('/groups').get();
    assert.deepEqual(
      groups.value.map(({ id }) => id),
      ['night shift', 'staff'],
    );
    const members: Collection = await client.api('/groups/night shift/members').get();
    assert.deepEqual(
      members.value.map(({ id }) => id),
      [member.id],
    );
    const of: Collection = await client.api(`/users/${member.id}/memberOf`).get();
    assert.deepEqual(
      of.value.map(({ displayName }) => displayName),
      ['night shift', 'staff'],
    );
    assert.equal((await refusal(client.api('/groups/none').get())).statusCode, 404);
    const reference = {
      '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${member.id}`,
    };
    await client.api('/groups/new people/members/$ref').post(reference);
    const joined = (await stores().users.find(member.id))?.groups;
    assert.deepEqual(joined, ['night shift', 'staff', 'new people']);
    const twice = client.api('/groups/new people/members/$ref').post(reference);
    assert.match((await refusal(twice)).message, /already exist/);
    await client.api(`/groups/new people/members/${member.id}/$ref`).delete();
    assert.equal((await refusal(client.api('/groups/new people').get())).statusCode, 404);
  });

  it('keeps phones', async () => {
    const { id } = await someone();
    const phones = `/users/${id}/authentication/phoneMethods`;
    const early = await refusal(
      client.api(phones).post({ phoneNumber: '+31 612345613', phoneType: 'alternateMobile' }),
    );
    assert.match(early.message, /comes after a mobile/);
    const added: Entity = await client.api(phones).post({
      '@odata.type': '#microsoft.graph.phoneAuthenticationMethod',
      phoneNumber: '+31 612345612',
      phoneType: 'mobile',
    });
    assert.deepEqual([added['id'], added['phoneNumber']], [mobileId, '+31 612345612']);
    await client.api(phones).post({ phoneNumber: '+31 612345613', phoneType: 'alternateMobile' });
    await client.api(phones).post({ phoneNumber: '+31 201234567x12', phoneType: 'office' });
    const all: Collection = await client.api(phones).get();
    const told = all.value.map((one) => `${String(one['id'])} ${String(one['phoneNumber'])}`);
    assert.deepEqual(told.toSorted(), [
      `${mobileId} +31 612345612`,
      `${alternateId} +31 612345613`,
      `${officeId} +31 201234567x12`,
    ]);
    await client.api(`${phones}/${mobileId}`).patch({ phoneNumber: '+31 612345614' });
    const changed: Entity = await client.api(`${phones}/${mobileId}`).get();
    assert.equal(changed['phoneNumber'], '+31 612345614');
    const type = client.api(`${phones}/${mobileId}`);
    assert.equal(
      (await refusal(type.patch({ phoneNumber: '+31612345612', phoneType: 'office' }))).statusCode,
      400,
    );
    await client.api(`${phones}/${alternateId}`).delete();
    const gone = await refusal(client.api(`${phones}/${alternateId}`).get());
    assert.deepEqual([gone.statusCode, gone.code], [404, 'Request_ResourceNotFound']);
    assert.equal((await refusal(client.api(`${phones}/${alternateId}`).delete())).statusCode, 404);
    const again = client.api(phones).post({ phoneNumber: '+31612345612', phoneType: 'mobile' });
    assert.match((await refusal(again)).message, /one already/);
    const bad = client.api(phones).post({ phoneNumber: 'nonsense', phoneType: 'alternateMobile' });
    assert.equal((await refusal(bad)).code, 'badRequest');
  });

  it('shows numbers in full to those alone who may set them', async () => {
    const { id } = await someone(['phone']);
    const helper = clientOf(await programWith(tweestap, 'help-desk'));
    const seen: Collection = await helper.api(`/users/${id}/authentication/phoneMethods`).get();
    assert.match(String(seen.value[0]?.['phoneNumber']), /^\+31\s··\s··\s··\s\d\d$/u);
  });

  it('keeps the address for resets', async () => {
    const { id } = await someone();
    const emails = `/users/${id}/authentication/emailMethods`;
    const added: Entity = await client.api(emails).post({ emailAddress: 'kim@home.example' });
    assert.deepEqual([added['id'], added['emailAddress']], [emailId, 'kim@home.example']);
    await client.api(`${emails}/${emailId}`).patch({ emailAddress: 'kim@other.example' });
    const all: Collection = await client.api(emails).get();
    assert.deepEqual(
      all.value.map(({ emailAddress }) => emailAddress),
      ['kim@other.example'],
    );
    await client.api(`${emails}/${emailId}`).delete();
    assert.deepEqual((await client.api(emails).get()).value, []);
  });

  it('reads and deletes keys and apps', async () => {
    const { id } = await someone(['app']);
    const register = (kind: string, slot: string, secret: unknown) =>
      stores().registrations.add({
        id: `${kind}-${slot}-${id}`,
        userId: id,
        kind,
        slot,
        secret,
        version: 1,
        createdAt: tweestap.now(),
        lastUsedAt: undefined,
      });
    await register('security-key', '1', {
      name: 'Blue key',
      credential: {
        id: 'AAAA',
        publicKey: 'BBBB',
        counter: 0,
        transports: ['usb'],
        aaguid: 'ee882879-721c-4913-9775-3dfcce97072a',
        isBackupEligible: true,
        isBackedUp: true,
      },
    });
    await register('authenticator-app', '2', {
      key: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      device: { id: 'd', key: 'k', name: 'Pixel 9', version: '1.2', wrongPins: 0, denials: 0 },
    });
    const authentication = `/users/${id}/authentication`;
    const keys: Collection = await client.api(`${authentication}/fido2Methods`).get();
    assert.deepEqual(
      keys.value.map((key) => [key['displayName'], key['passkeyType'], key['aaGuid']]),
      [['Blue key', 'synced', 'ee882879-721c-4913-9775-3dfcce97072a']],
    );
    const apps: Collection = await client
      .api(`${authentication}/microsoftAuthenticatorMethods`)
      .get();
    assert.deepEqual(
      apps.value.map((app) => [app['displayName'], app['phoneAppVersion']]),
      [['Pixel 9', '1.2']],
    );
    const codes: Collection = await client.api(`${authentication}/softwareOathMethods`).get();
    assert.deepEqual(
      codes.value.map(({ secretKey }) => secretKey),
      [null],
    );
    assert.doesNotMatch(JSON.stringify([keys, apps, codes]), /GEZDGNBV|BBBB/, 'no secret is told');
    const all: Collection = await client.api(`${authentication}/methods`).get();
    assert.deepEqual(all.value.map((one) => String(one['@odata.type'])).toSorted(), [
      '#microsoft.graph.fido2AuthenticationMethod',
      '#microsoft.graph.microsoftAuthenticatorAuthenticationMethod',
      '#microsoft.graph.passwordAuthenticationMethod',
      '#microsoft.graph.softwareOathAuthenticationMethod',
    ]);
    const places = ['fido2Methods', 'microsoftAuthenticatorMethods', 'softwareOathMethods'];
    for (const [index, { value }] of [keys, apps, codes].entries()) {
      const one = `${authentication}/${places[index] ?? ''}/${String(value[0]?.['id'])}`;
      assert.equal((await client.api(one).get())['id'], value[0]?.['id']);
      await client.api(one).delete();
      assert.equal((await refusal(client.api(one).get())).statusCode, 404);
    }
    assert.deepEqual(await stores().registrations.list(id), []);
    for (const kind of ['windowsHelloForBusinessMethods', 'platformCredentialMethods']) {
      assert.deepEqual((await client.api(`${authentication}/${kind}`).get()).value, []);
    }
  });

  it('prepares a security key for somebody', async () => {
    const { id } = await someone();
    const other = await someone();
    const keysOf = (user: string): string => `/users/${user}/authentication/fido2Methods`;
    const asks = async (user: string, by = client): Promise<string> => {
      const { publicKey }: { readonly publicKey: { readonly challenge: string } } = await by
        .api(`${keysOf(user)}/creationOptions`)
        .get();
      return publicKey.challenge;
    };
    const answer = (challenge: string, key = softKey()) => {
      const said: Answered = JSON.parse(key.create({ challenge, origin: front.origin }));
      const { clientDataJSON, attestationObject } = said.response;
      return {
        displayName: 'Prepared key',
        publicKeyCredential: { id: said.id, response: { clientDataJSON, attestationObject } },
      };
    };
    const challenge = await asks(id);
    const key = softKey();
    const added: Entity = await client.api(keysOf(id)).post(answer(challenge, key));
    assert.deepEqual([added['displayName'], added['passkeyType']], ['Prepared key', 'deviceBound']);
    const kept: Collection = await client.api(keysOf(id)).get();
    assert.deepEqual(
      kept.value.map((one) => one['id']),
      [added['id']],
    );
    assert.equal((await stores().users.find(id))?.defaultMethod?.methodId, 'security-key');

    const refused = async (user: string, body: unknown, by = client): Promise<void> => {
      const error = await refusal(by.api(keysOf(user)).post(body));
      assert.deepEqual([error.statusCode, error.code], [400, 'badRequest']);
    };
    await refused(id, answer(challenge, key));
    await refused(other.id, answer(challenge));
    const colleague = clientOf(await programWith(tweestap, 'authentication-admin'));
    await refused(id, answer(await asks(id), softKey()), colleague);
    await refused(id, answer('AAAAAAAAAAAAAAAAAAAAAAAAAAAA'));
    const late = await asks(id);
    await tweestap.advanceSeconds(301);
    await refused(id, answer(late));
    assert.equal((await client.api(keysOf(id)).get()).value.length, 1);
  });

  it('makes a Temporary Access Pass, whose value is told once', async () => {
    const { id } = await someone();
    const passes = `/users/${id}/authentication/temporaryAccessPassMethods`;
    const made: Entity = await client
      .api(passes)
      .post({ lifetimeInMinutes: 60, isUsableOnce: false });
    assert.match(String(made['temporaryAccessPass']), /^\S{8,}$/);
    assert.deepEqual(
      [made['lifetimeInMinutes'], made['isUsableOnce'], made['isUsable']],
      [60, false, true],
    );
    const [kept]: readonly (Entity | undefined)[] = (await client.api(passes).get()).value;
    assert.deepEqual([kept?.['id'], kept?.['temporaryAccessPass']], [made['id'], null]);
    const second: Entity = await client.api(passes).post({});
    assert.equal((await client.api(passes).get()).value.length, 1, 'the earlier one has ended');
    const later = { startDateTime: '2999-01-01T00:00:00Z' };
    assert.match((await refusal(client.api(passes).post(later))).message, /begins now/);
    const long = { lifetimeInMinutes: 50_000 };
    assert.equal((await refusal(client.api(passes).post(long))).statusCode, 400);
    await client.api(`${passes}/${String(second['id'])}`).delete();
    assert.deepEqual((await client.api(passes).get()).value, []);
  });

  it('sets a password, and hears what came of it', async () => {
    const { id } = await someone();
    const authentication = `/users/${id}/authentication`;
    const passwords: Collection = await client.api(`${authentication}/passwordMethods`).get();
    assert.deepEqual(
      passwords.value.map((one) => [one['id'], one['password']]),
      [[passwordId, null]],
    );
    const raw: unknown = await client
      .api(`${authentication}/methods/${passwordId}/resetPassword`)
      .responseType(ResponseType.RAW)
      .post({});
    assert.ok(raw instanceof Response);
    assert.equal(raw.status, 202);
    const { newPassword }: { newPassword?: string } = JSON.parse(await raw.text());
    assert.match(newPassword ?? '', /^\S{16,}$/);
    const location = raw.headers.get('location') ?? '';
    const operation: Entity = await client.api(location).get();
    assert.equal(operation['status'], 'succeeded');
    assert.equal((await stores().users.find(id))?.mustChangePassword, true);
    const reset = client.api(`${authentication}/passwordMethods/${passwordId}/resetPassword`);
    assert.match((await refusal(reset.post({ newPassword: 'short' }))).message, /too-short/);
    const other = client.api(`${authentication}/methods/${mobileId}/resetPassword`);
    assert.equal((await refusal(other.post({}))).statusCode, 404);
  });

  it('moves the multi-factor state, and what is asked first', async () => {
    const { id } = await someone(['app', 'phone']);
    const beta = (path: string) =>
      client.api(`/users/${id}/authentication/${path}`).version('beta');
    await beta('requirements').patch({ perUserMfaState: 'disabled' });
    assert.equal((await beta('requirements').get())['perUserMfaState'], 'disabled');
    assert.equal((await stores().users.find(id))?.perUserMfaState, 'disabled');
    const preference = 'userPreferredMethodForSecondaryAuthentication';
    assert.equal((await beta('signInPreferences').get())[preference], 'oath');
    await beta('signInPreferences').patch({ [preference]: 'voiceMobile' });
    assert.equal((await beta('signInPreferences').get())[preference], 'voiceMobile');
    const impossible = beta('signInPreferences').patch({ [preference]: 'voiceOffice' });
    assert.match((await refusal(impossible)).message, /cannot be asked/);
    const old = client.api(`/users/${id}/authentication/requirements`).get();
    assert.equal((await refusal(old)).statusCode, 400, 'it is in beta only, as at Graph');
  });

  it('signs somebody out everywhere', async () => {
    const { id } = await someone();
    const answer = await client.api(`/users/${id}/revokeSignInSessions`).post({});
    assert.equal(answer.value, true);
  });

  it('sends a batch', async () => {
    const { id } = await someone();
    const url = (path: string): string => `https://graph.microsoft.com/v1.0${path}`;
    const json = { 'content-type': 'application/json' };
    const content = new BatchRequestContent([
      { id: '1', request: new Request(url(`/users/${id}?$select=id`)) },
      {
        id: '2',
        request: new Request(url(`/users/${id}`), {
          method: 'PATCH',
          headers: json,
          body: JSON.stringify({ mobilePhone: '+31612345699' }),
        }),
        dependsOn: ['1'],
      },
      { id: '3', request: new Request(url('/users/nobody')), dependsOn: ['2'] },
    ]);
    const answer = await client.api('/$batch').post(await content.getContent());
    const responses = new BatchResponseContent(answer);
    assert.deepEqual(
      ['1', '2', '3'].map((each) => responses.getResponseById(each).status),
      [200, 204, 404],
    );
    assert.equal((await stores().users.find(id))?.mobilePhone, '+31612345699');
  });

  it('is told what is wrong in the words of Graph', async () => {
    const error = await refusal(
      client.api('/users/nobody').header('client-request-id', 'my-own-id').get(),
    );
    assert.deepEqual([error.statusCode, error.code], [404, 'Request_ResourceNotFound']);
    assert.match(error.requestId ?? '', /^[A-Z2-7]{8}$/);
    const reader = clientOf(await programWith(tweestap, 'reports-reader'));
    const denied = await refusal(reader.api('/users').post({}));
    assert.deepEqual([denied.statusCode, denied.code], [403, 'Authorization_RequestDenied']);
    const stranger = await refusal(
      clientOf({ ...program, token: 'x' })
        .api('/users')
        .get(),
    );
    assert.deepEqual([stranger.statusCode, stranger.code], [401, 'InvalidAuthenticationToken']);
    const expanded = await refusal(client.api('/users').expand('manager').get());
    assert.match(expanded.message, /'\$expand' is not supported/);
  });

  it('speaks for whoever is signed in', async () => {
    const person: GraphPerson = await personWith(tweestap, 'user');
    const theirs = clientOf(person);
    assert.equal(
      (await theirs.api('/me').select('userPrincipalName').get())['userPrincipalName'],
      person.userPrincipalName,
    );
    const methods: Collection = await theirs.api('/me/authentication/methods').get();
    assert.deepEqual(
      methods.value.map((one) => one['@odata.type']),
      [
        '#microsoft.graph.passwordAuthenticationMethod',
        '#microsoft.graph.softwareOathAuthenticationMethod',
      ],
    );
    assert.equal((await refusal(theirs.api('/users').get())).statusCode, 403);
    assert.match((await refusal(client.api('/me').get())).message, /delegated authentication flow/);
  });

  it('changes the password of whoever is signed in, who then signs in anew', async () => {
    const person: GraphPerson = await personWith(tweestap, 'user');
    const theirs = clientOf(person);
    const change = (currentPassword: string, newPassword: string) =>
      theirs.api('/me/changePassword').post({ currentPassword, newPassword });
    const wanted = 'rustige vogel in mei';
    const hashOf = async () => (await stores().users.find(person.id))?.passwordHash;
    const before_ = await hashOf();
    const wrong = await refusal(change('not the right one', wanted));
    assert.deepEqual([wrong.statusCode, wrong.code], [400, 'badRequest']);
    assert.match(wrong.message, /current password/);
    assert.match((await refusal(change(person.password, 'short'))).message, /new password/);
    assert.equal(await hashOf(), before_);
    await change(person.password, wanted);
    assert.notEqual(await hashOf(), before_);
    const [event] = await stores().audit.list({ kind: 'password-changed', limit: 1 });
    assert.deepEqual([event?.userId, event?.actor], [person.id, person.id]);
    const ended = await refusal(theirs.api('/me').get());
    assert.equal(ended.statusCode, 401, 'what was open has ended');
    const program_ = await refusal(
      client.api('/me/changePassword').post({ currentPassword: 'x', newPassword: 'y' }),
    );
    assert.match(program_.message, /delegated authentication flow/);
  });

  it('counts wrong passwords that come by an application as well', async () => {
    const person: GraphPerson = await personWith(tweestap, 'user');
    // Microsoft's client would wait and try again.
    const guess = (tries: number) =>
      person.ask('POST', '/v1.0/me/changePassword', {
        body: { currentPassword: `guess ${tries}`, newPassword: 'b' },
      });
    const codes = new Set<number>();
    for (let tries = 0; tries < 12; tries += 1) codes.add((await guess(tries)).status);
    assert.deepEqual([...codes], [400, 429]);
  });

  it('is described by documents that are valid OpenAPI', async () => {
    for (const root of ['v1.0', 'beta', 'tweestap/v1']) {
      const response = await fetch(`${front.origin}/${root}/openapi.json`);
      assert.equal(response.status, 200);
      const validator = new Validator();
      const { valid, errors } = await validator.validate(JSON.parse(await response.text()));
      assert.ok(valid, `${root}: ${JSON.stringify(errors ?? []).slice(0, 2_000)}`);
      assert.equal(validator.version, '3.1');
    }
  });
});

type Entity = Readonly<Record<string, unknown>>;

interface Answered {
  readonly id: string;
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
}

interface Collection {
  readonly value: readonly Entity[];
  readonly '@odata.count'?: number;
}

interface User {
  readonly id: string;
  readonly displayName: string;
  readonly mobilePhone: string | null;
  readonly businessPhones: readonly string[];
  readonly otherMails: readonly string[];
  readonly preferredLanguage: string | null;
}
