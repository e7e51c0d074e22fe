/**
 * Random walks through sign-in (attack ATK-21). A thief has an account of his own, with all that
 * belongs to it, and two passwords that are not his. He opens, goes back, starts over, cancels, takes
 * another way, uses several tabs and old pages, mixes the cookies, forms, codes, answers and replies
 * of one sign-in into another, asks through an application, and lets time pass. Whatever the order:
 * nobody gets a session, a registration or a change of password without the evidence for it.
 *
 * `TWEESTAP_TEST_WALK_STEPS` walks further, `TWEESTAP_TEST_SEED` elsewhere.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { randomBelow, seededRandom } from '../../src/lib/random.ts';
import type { Browser } from '../support/browser.ts';
import { cookieJar } from '../support/cookie-jar.ts';
import { formsIn, type Form } from '../support/page.ts';
import { addUser, codeOfApp, type Identity } from '../support/people.ts';
import { post } from '../support/phones.ts';
import { routesOf } from '../support/routes.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const steps = Number(process.env['TWEESTAP_TEST_WALK_STEPS'] ?? 2_000);
const stepsOfOneWalk = 120;
const seed = process.env['TWEESTAP_TEST_SEED'] ?? 'tweestap';

type Account = Identity & { readonly id: string };

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
});
after(() => tweestap.close());

describe('a thief with two passwords and an account of his own', () => {
  it(`gets nowhere in ${steps} steps (seed “${seed}”)`, async (context) => {
    let walked = 0;
    let opened = 0;
    for (let walk = 0; walked < steps; walk++) {
      const walker = await newWalker(`${seed} ${walk}`);
      const length = Math.min(stepsOfOneWalk, steps - walked);
      try {
        for (let step = 0; step < length; step++) {
          await walker.step();
          await walker.requireEvidence();
        }
      } catch (error) {
        throw new Error(`walk “${seed} ${walk}” went wrong after:\n${walker.trail().join('\n')}`, {
          cause: error,
        });
      }
      walked += length;
      opened += await walker.ownSessions();
    }
    context.diagnostic(`${walked} steps; he signed in to his own account ${opened} times`);
    // A walk that never gets through anything would prove nothing.
    assert.ok(opened >= walked / 200, `only ${opened} sign-ins in ${walked} steps`);
    const { brokenAt } = await tweestap.installation.database.stores.audit.verify();
    assert.equal(brokenAt, undefined);
  });
});

interface Walker {
  step(): Promise<void>;
  requireEvidence(): Promise<void>;
  trail(): readonly string[];
  ownSessions(): Promise<number>;
}

async function newWalker(name: string): Promise<Walker> {
  const random = seededRandom(name);
  const below = (limit: number): number => randomBelow(random, limit);
  const pick = <item>(items: readonly item[]): item =>
    items[below(items.length)] ?? assert.fail('nothing to pick from');
  const someOf = <item>(items: readonly item[]): item | undefined =>
    items.length === 0 ? undefined : pick(items);

  const { installation } = tweestap;
  const { stores } = installation.database;
  const own: Account = await addUser(tweestap, ['app', 'phone']);
  const victim: Account = await addUser(tweestap, ['phone', 'app']);
  // Left the first registration half-way: asked to go on, and has something registered.
  const halfway: Account = await addUser(tweestap, ['phone'], { perUserMfaState: 'enabled' });
  // Needs no second step, but her password is her own.
  const els: Account = await addUser(tweestap, [], {
    perUserMfaState: 'disabled',
    passwordHash: await otherPassword(),
  });
  // Will register something in a while. Until then, whoever has the password may be the first.
  const newcomer: Account = await addUser(tweestap, [], { perUserMfaState: 'enabled' });
  const victims = [victim, halfway, els];
  const victimsAttempt = await beginsToSignIn(victim);
  const phone = tweestap.phones.phone(own.mobilePhone);
  const application = await installation.applications.add(
    { name: 'Intranet', redirectUris: [`${tweestap.origin}/nowhere`], isPublic: true },
    'test',
  );
  assert.ok(application.kind === 'added');
  const { clientId } = application.application;

  const trail: string[] = [];
  const note = (what: string): void => {
    trail.push(what);
    if (trail.length > 60) trail.shift();
  };

  const browser = tweestap.browser();
  let jars = [browser.cookies.copy()];
  let tabs: readonly Browser[] = [browser, browser.newTab()];
  for (const tab of tabs) await beginsAs(tab, pick([own, victim, halfway, newcomer]));
  /** Every form that was ever seen, and all that could be learnt from pages. */
  let forms: readonly Form[] = [];
  const attempts = new Set([victimsAttempt]);
  const challenges = new Set<string>();
  const options = new Set<string>();
  const digits = new Set<string>();

  const learn = (tab: Browser): void => {
    const { html, status } = tab.page;
    assert.ok(status < 500, `${tab.address} answered ${status}`);
    // A first page has no address of its own yet: its forms tell which attempt is theirs.
    const id = /\/(?:sign-in|registration)\/([\w-]{22})/.exec(`${tab.address} ${html}`)?.[1];
    if (id !== undefined) attempts.add(id);
    forms = [...forms, ...formsIn(html)].slice(-80);
    for (const { fields, buttons } of formsIn(html)) {
      if (fields['challenge'] !== undefined) challenges.add(fields['challenge']);
      for (const { name: field, value } of buttons) {
        if (field === 'option' && value !== undefined) options.add(value);
      }
    }
    const shown = /<strong>(\d\d)<\/strong>/.exec(html)?.[1];
    if (shown !== undefined) digits.add(shown);
  };

  const names = [own, victim, halfway, els, newcomer].map((account) => account.userPrincipalName);
  const textCodes = async (): Promise<readonly string[]> =>
    (await phone.messages()).flatMap(({ kind, text }) =>
      kind === 'text' ? (/\b\d{6}\b/.exec(text) ?? []) : [],
    );
  /** Something that he knows, for a field of this name. */
  const known = async (field: string): Promise<string> => {
    switch (field) {
      case 'name':
        return pick([...names, own.userPrincipalName, 'nobody@voorbeeld.example', '']);
      case 'password':
        return pick([own.password, own.password, own.password, 'wrong password', '']);
      case 'code': {
        const codes = await textCodes();
        const app = codeOfApp(own.key ?? '', tweestap.now());
        return pick([app, app, codes.at(-1) ?? '000000', someOf(codes) ?? '', random.digits(6)]);
      }
      case 'challenge':
        return someOf([...challenges]) ?? 'none';
      case 'option':
        return someOf([...options]) ?? 'none';
      case 'number':
        return own.mobilePhone;
      case 'way':
        return pick(['mobile', 'office', 'app']);
      case 'by':
        return pick(['text', 'call']);
      case 'trust':
      case 'keep':
        return pick(['yes', 'no']);
      default:
        return '';
    }
  };

  const commands = (await routesOf(tweestap.server.parts.app))
    .filter(({ method, url }) => method === 'POST' && url.includes(':attempt'))
    .map(({ url }) => url);
  const fieldsOf: Readonly<Record<string, readonly string[]>> = {
    name: ['name'],
    password: ['password', 'name'],
    choose: ['option'],
    answer: ['challenge', 'code'],
    'change-password': ['password'],
    trust: ['trust'],
    contact: ['way', 'by', 'number'],
    backup: ['by', 'number'],
    done: ['keep'],
  };

  const postForm = async (
    tab: Browser,
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const { status } = await tab.ask(path, {
      method: 'POST',
      headers: {
        origin: tweestap.origin,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(fields).toString(),
    });
    assert.ok(status < 500, `${path} answered ${status}`);
  };
  const csrfOf = (tab: Browser): string =>
    formsIn(tab.page.html).find(({ fields }) => fields['csrf'] !== undefined)?.fields['csrf'] ?? '';

  /** Presses some button of the page, with fields filled in from what he knows. */
  const press = async (tab: Browser): Promise<void> => {
    const label = someOf(tab.buttons());
    if (label === undefined) return void (await tab.open('/sign-in'));
    const form = tab.formOf(label);
    const filled: Record<string, string> = {};
    for (const field of form.names) {
      const isTyped = ['name', 'password', 'code', 'number', 'way', 'by'].includes(field);
      // What the page filled in stays as it is; the name beside a password is the page's.
      if (isTyped && (field !== 'name' || !form.names.has('password'))) {
        filled[field] = await known(field);
      }
    }
    note(`presses “${label}” with ${JSON.stringify(filled)} at ${tab.page.path}`);
    await tab.press(label, filled);
  };

  /** The straight way: his own sign-in, as far as the page that is open goes. */
  const goesOnHonestly = async (tab: Browser): Promise<void> => {
    const buttons = tab.buttons();
    const who = pick([own, own, own, victim, halfway, newcomer]);
    note(`goes on honestly as ${who.userPrincipalName} at ${tab.page.path}`);
    if (buttons.includes('Next') && tab.formOf('Next').names.has('name')) {
      await tab.press('Next', { name: who.userPrincipalName });
    } else if (buttons.includes('Sign in')) {
      await tab.press('Sign in', { password: who.password });
    } else if (buttons.includes('Verify')) {
      const isApp = tab.page.heading.includes('mobile app');
      const code = isApp ? codeOfApp(own.key ?? '', tweestap.now()) : (await textCodes()).at(-1);
      await tab.press('Verify', { code: code ?? '' });
    } else await press(tab);
  };

  const actions: readonly (readonly [weight: number, (tab: Browser) => Promise<void>])[] = [
    [30, goesOnHonestly],
    [20, press],
    [
      4,
      async (tab) => {
        note('opens the sign-in');
        await tab.open('/sign-in');
      },
    ],
    [
      5,
      async (tab) => {
        const id = someOf([...attempts]);
        const page = pick(['sign-in', 'registration']);
        note(`opens /${page}/${id}`);
        if (id !== undefined) await tab.open(`/${page}/${id}`);
      },
    ],
    [
      5,
      async (tab) => {
        note('reloads');
        await tab.open(tab.address);
      },
    ],
    [
      6,
      async (tab) => {
        const form = someOf(forms);
        if (form === undefined) return;
        const fields: Record<string, string> = { ...form.fields };
        for (const field of ['password', 'code']) {
          if (form.names.has(field)) fields[field] = await known(field);
        }
        note(`sends an old form to ${form.action}: ${JSON.stringify(fields)}`);
        await postForm(tab, form.action, fields);
      },
    ],
    [
      24,
      async (tab) => {
        const here = /[\w-]{22}/.exec(tab.page.path)?.[0];
        const any = someOf([...attempts]);
        const id = pick([here ?? any, here ?? any, any ?? 'none']);
        const path = pick(commands).replace(':attempt', id ?? 'none');
        const command = path.split('/').at(-1) ?? '';
        const fields: Record<string, string> = { csrf: csrfOf(tab) };
        for (const field of fieldsOf[command] ?? []) fields[field] = await known(field);
        note(`sends ${path}: ${JSON.stringify(fields)}`);
        await postForm(tab, path, fields);
      },
    ],
    [
      2,
      async (tab) => {
        const id = someOf([...attempts]);
        note(`asks how ${id} stands`);
        const { status } = await tab.ask(`/sign-in/${id ?? 'x'}/status`);
        assert.ok(status < 500);
      },
    ],
    [
      3,
      async () => {
        const [one, other] = [someOf([...attempts]), someOf([...attempts])];
        if (one === undefined || other === undefined) return;
        note(`gives the cookie of ${one} to ${other}`);
        const token = browser.cookies.find(cookieOf(one));
        if (token !== undefined) browser.cookies.plant(`tweestap-${cookieOf(other)}`, token);
      },
    ],
    [
      2,
      async () => {
        note('keeps a copy of the cookies');
        jars = [...jars, browser.cookies.copy()].slice(-6);
      },
    ],
    [
      2,
      async () => {
        note('goes on with cookies from before');
        const kept = tweestap.browserWith(pick(jars).copy());
        await kept.open('/sign-in');
        tabs = [...tabs, kept].slice(-4);
      },
    ],
    [
      2,
      async (tab) => {
        note('opens a tab');
        const added = tab.newTab();
        await added.open('/my-profile');
        tabs = [...tabs, added].slice(-4);
      },
    ],
    [
      2,
      async () => {
        note('begins anew in a fresh browser');
        const added = tweestap.browserWith(cookieJar());
        await added.open('/sign-in');
        tabs = [...tabs, added].slice(-4);
      },
    ],
    [
      4,
      async (tab) => {
        const asked = pick([{}, { prompt: 'login' }, { max_age: '0' }, { prompt: 'none' }, stepUp]);
        const query = new URLSearchParams({
          client_id: clientId,
          redirect_uri: `${tweestap.origin}/nowhere`,
          response_type: 'code',
          scope: 'openid',
          code_challenge: createHash('sha256').update('x').digest('base64url'),
          code_challenge_method: 'S256',
          ...asked,
        });
        note(`is sent by an application: ${JSON.stringify(asked)}`);
        await tab.open(`/oidc/authorize?${query.toString()}`);
      },
    ],
    [
      3,
      async () => {
        const ringing = (await phone.messages()).find(({ status }) => status === 'ringing');
        if (ringing === undefined) return;
        const keys = pick(['#', '#', `${someOf([...digits]) ?? '42'}#`]);
        note(`answers the call to his own phone with ${keys}`);
        await post(tweestap.ask, `/simulator/api/calls/${ringing.id}/answer`);
        // Where the call is not wanted any more, it was ended as soon as it was answered.
        const answered = (await phone.messages()).find(({ id }) => id === ringing.id);
        if (answered?.status !== 'answered') return;
        await post(tweestap.ask, `/simulator/api/calls/${ringing.id}/keys`, { keys });
      },
    ],
    [
      3,
      async () => {
        const text = someOf([...digits]) ?? '42';
        note(`replies ${text} from his own phone`);
        await phone.replies(text);
      },
    ],
    [
      2,
      async () => {
        const victimsPhone = tweestap.phones.phone(pick(victims).mobilePhone);
        const ringing = (await victimsPhone.messages()).find(({ status }) => status === 'ringing');
        const action = pick(['hangup', 'voicemail', 'answer']);
        if (ringing === undefined) return;
        note(`the victim’s phone: ${action}`);
        await post(tweestap.ask, `/simulator/api/calls/${ringing.id}/${action}`);
      },
    ],
    [
      2,
      async () => {
        if (victims.includes(newcomer) || !(await registers(newcomer))) return;
        note('the newcomer registers her phone');
        victims.push(newcomer);
        untouched = await standing();
      },
    ],
    [
      2,
      async (tab) => {
        note('signs out');
        await postForm(tab, '/sign-out', { csrf: csrfOf(tab) });
      },
    ],
    [
      6,
      async () => {
        const seconds = pick([5, 20, 31, 31, 61, 181, 960]);
        note(`waits ${seconds} s`);
        await tweestap.advanceSeconds(seconds);
      },
    ],
  ];
  const total = actions.reduce((sum, [weight]) => sum + weight, 0);

  const standing = (): Promise<readonly unknown[]> =>
    Promise.all([attemptOf(victimsAttempt), ...victims.map(({ id }) => standingOf(id))]);
  let untouched = await standing();
  const seenSessions = new Set<string>();

  return {
    trail: () => trail,
    ownSessions: async () => seenSessions.size,
    step: async () => {
      let drawn = below(total);
      const [, action] =
        actions.find(([weight]) => (drawn -= weight) < 0) ?? assert.fail('no action');
      const tab = pick(tabs);
      await action(tab);
      for (const each of tabs) learn(each);
    },
    requireEvidence: async () => {
      assert.deepEqual(await standing(), untouched, 'something of a victim was changed, or opened');
      for (const session of await stores.sessions.list(own.id, tweestap.now())) {
        const id = session.id.toString('hex');
        if (seenSessions.has(id)) continue;
        seenSessions.add(id);
        await requireProofs(own.id, session);
      }
    },
  };

  /** Registers something for who has nothing yet; false where somebody else was quicker. */
  function registers({ id: userId, mobilePhone }: Account): Promise<boolean> {
    return installation.database.transact(async ({ users, registrations }) => {
      await users.lock(userId);
      if ((await registrations.list(userId)).length > 0) return false;
      const id = installation.random.token(16);
      const secret = { number: mobilePhone, phoneType: 'mobile' };
      const createdAt = tweestap.now();
      await registrations.add({
        id,
        userId,
        kind: 'phone',
        slot: 'mobile',
        secret,
        version: 1,
        createdAt,
        lastUsedAt: undefined,
      });
      await users.setDefaultMethod(userId, { registrationId: id, methodId: 'text-message' });
      await users.moveState(userId, 'enabled', 'enforced');
      return true;
    });
  }

  /** As far as his passwords lead; and at a first registration as far as the code to his own phone. */
  async function beginsAs(tab: Browser, who: Account): Promise<void> {
    await tab.open('/sign-in');
    await tab.press('Next', { name: who.userPrincipalName });
    await tab.press('Sign in', { password: who.password });
    if (who !== newcomer || !tab.buttons().includes('Set it up now')) return;
    await tab.press('Set it up now');
    await tab.press('Next', { way: 'mobile', number: own.mobilePhone, by: 'text' });
  }

  /** A sign-in of hers that waits for its second step; the thief saw its address over her shoulder. */
  async function beginsToSignIn(who: Account): Promise<string> {
    const hers = tweestap.browser();
    await hers.open('/sign-in');
    await hers.press('Next', { name: who.userPrincipalName });
    await hers.press('Sign in', { password: who.password });
    await tweestap.phones.phone(who.mobilePhone).text();
    return /\/sign-in\/([\w-]{22})/.exec(hers.address)?.[1] ?? assert.fail(hers.page.title);
  }

  async function attemptOf(id: string): Promise<unknown> {
    const attempt = await stores.attempts.find(id);
    return { ...attempt, challenge: { ...attempt?.challenge, delivery: 'sent' } };
  }

  /** What no thief may touch: anything that is open, registered, or decides how one signs in. */
  async function standingOf(userId: string): Promise<unknown> {
    const user = await stores.users.find(userId);
    assert.ok(user);
    const registrations = await stores.registrations.list(userId);
    return {
      sessions: await stores.sessions.list(userId, tweestap.now()),
      registrations: registrations.map(({ id, kind, slot, secret }) => ({
        id,
        kind,
        slot,
        secret,
      })),
      appPasswords: await stores.appPasswords.list(userId),
      // Wrong answers may make a new password necessary; nothing else.
      user: { ...user, mustChangePassword: false },
    };
  }
}

let hashed: Promise<string> | undefined;
function otherPassword(): Promise<string> {
  hashed ??= tweestap.installation.hasher.hash('known to nobody but her');
  return hashed;
}

const stepUp = { acr_values: 'https://refeds.org/profile/mfa', max_age: '1' };

/** Invariants I1 and I6: both proofs stand in the session, and both acts in the log, of one attempt. */
async function requireProofs(
  userId: string,
  session: { readonly proofs: readonly { readonly method: string; readonly at: Date }[] },
): Promise<void> {
  const methods = session.proofs.map(({ method }) => method);
  assert.ok(methods.includes('password'), 'a session without a password');
  assert.ok(
    methods.some((method) => method !== 'password'),
    'a session without a second step',
  );
  const { audit } = tweestap.installation.database.stores;
  const events = await audit.list({ userId, limit: 500 });
  for (const { method, at } of session.proofs) {
    const kind = method === 'password' ? 'password-accepted' : 'answer-accepted';
    const isTold = events.some(
      (event) =>
        event.kind === kind &&
        event.at.getTime() === at.getTime() &&
        (method === 'password' || event.details['method'] === method),
    );
    assert.ok(isTold, `nothing in the log says that ${method} was proved`);
  }
}

function cookieOf(attempt: string): string {
  return `attempt-${Buffer.from(attempt, 'base64url').subarray(0, 6).toString('hex')}`;
}
