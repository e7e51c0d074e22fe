import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Strengths } from '../../policies/strengths.ts';
import type { Required } from '../../sessions/proven.ts';
import type { Proof, Session } from '../../sessions/session.ts';
import {
  attemptFor,
  demandSchema,
  judge as judgeBy,
  readDemand,
  reportedAcr as reportedBy,
  type Asked,
  type Demand,
  type Judgement,
} from './demand.ts';

const mfa = 'https://refeds.org/profile/mfa';
const sfa = 'https://refeds.org/profile/sfa';
const noon = new Date('2026-11-20T12:00:00Z');
const secondsLater = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const today: readonly Required[] = ['password', 'second-step'];

describe('what a request demands', () => {
  it('asks for what the application always requires', () => {
    assert.equal(read({}).required, 'password');
    assert.equal(read({ required: 'second-step' }).required, 'second-step');
  });

  it('is raised by acr_values, never lowered', () => {
    assert.equal(read({ acrValues: mfa }).required, 'second-step');
    assert.equal(read({ acrValues: sfa, required: 'second-step' }).required, 'second-step');
  });

  it('takes the first class that we know and can reach', () => {
    assert.equal(read({ acrValues: `urn:odd phr ${mfa} ${sfa}` }).required, 'second-step');
    assert.deepEqual(read({ acrValues: `urn:odd phr ${mfa} ${sfa}` }).acrs, [mfa, sfa]);
    const everything: readonly Required[] = [...today, 'phishing-resistant'];
    assert.deepEqual(read({ acrValues: `phr ${mfa}` }, everything).acrs, ['phr', mfa]);
    assert.equal(read({ acrValues: 'phr' }, everything).required, 'phishing-resistant');
  });

  it('asks nobody for a security key where something else would do', () => {
    const everything: readonly Required[] = [...today, 'phishing-resistant'];
    assert.equal(read({ acrValues: `phr ${mfa}` }, everything).required, 'second-step');
  });

  it('passes over wishes that nobody here can fulfil', () => {
    assert.deepEqual(read({ acrValues: 'phr urn:odd' }).acrs, []);
    assert.equal(read({ acrValues: 'phr urn:odd' }).required, 'password');
    assert.equal(read({ claims: acrClaim({ values: ['phr'] }) }).required, 'password');
  });

  it('names the strengths that are there, one of them only where nothing weaker would do', () => {
    const vault = 'urn:tweestap:strength:vault';
    const demand = read({ acrValues: `urn:tweestap:strength:gone ${vault}` });
    assert.deepEqual([demand.required, demand.strengths], ['second-step', ['vault']]);
    assert.deepEqual(read({ acrValues: `${vault} ${mfa}` }).strengths, []);
    assert.deepEqual(read({ acrValues: mfa, strengths: ['vault'] }).strengths, ['vault']);
  });

  it('is met by whoever proved all of one combination, and then reported', () => {
    const demand = read({ acrValues: 'urn:tweestap:strength:vault' });
    const app = ['authenticator-code', 'possession', 0] as const;
    const half = session(['password', 'knowledge', 0], app);
    const whole = session(['password', 'knowledge', 0], app, ['phone-call', 'possession', 0]);
    assert.equal(judge(half, demand, noon), 'too-weak');
    assert.equal(judge(whole, demand, noon), 'met');
    assert.equal(reportedAcr(whole, demand), 'urn:tweestap:strength:vault');
    assert.equal(reportedAcr(half, demand), mfa);
    assert.deepEqual(attemptFor(demand, 'too-weak', half).strengths, ['vault']);
  });

  it('is unmet where an essential class cannot be reached', () => {
    for (const acr of [
      { essential: true, value: 'phr' },
      { essential: true, values: ['phr', 'urn:odd'] },
      { essential: true, value: 'urn:odd' },
    ]) {
      const claims = acrClaim(acr);
      assert.equal(readDemand(asked({ claims }), noon, { levels: today, ...strengths }), 'unmet');
    }
    assert.equal(
      read({ claims: acrClaim({ essential: true, values: ['phr', mfa] }) }).required,
      'second-step',
    );
    assert.equal(read({ claims: acrClaim({ essential: true }) }).required, 'password');
  });

  it('puts an essential class before acr_values', () => {
    const claims = acrClaim({ essential: true, value: mfa });
    assert.deepEqual(read({ claims, acrValues: sfa }).acrs, [mfa]);
  });

  it('names the person: the claims parameter before the hint', () => {
    assert.equal(read({ hintedSubject: 'anna' }).subject, 'anna');
    const claims = JSON.stringify({ id_token: { sub: { value: 'bram' } } });
    assert.equal(read({ claims, hintedSubject: 'anna' }).subject, 'bram');
  });

  it('survives a claims parameter of any shape', () => {
    for (const claims of [
      'null',
      '[]',
      '{"id_token":null}',
      '{"id_token":{"acr":7,"sub":[]}}',
      '{"id_token":{"acr":{"values":"x","essential":"yes"}}}',
      '{"id_token":{"__proto__":{"acr":{"essential":true,"value":"x"}}}}',
      '{',
    ]) {
      assert.equal(read({ claims }).required, 'password', claims);
    }
  });

  it('can be kept as JSON', () => {
    const demand = read({
      acrValues: mfa,
      maxAge: '300',
      prompt: 'login',
      hintedSubject: 'a',
    });
    assert.deepEqual(demandSchema.parse(JSON.parse(JSON.stringify(demand))), demand);
    assert.deepEqual(demandSchema.parse(JSON.parse(JSON.stringify(read({})))), read({}));
  });
});

describe('whether a session meets a demand', () => {
  const password = session(['password', 'knowledge', -600]);
  const both = session(['password', 'knowledge', -600], ['text-message', 'possession', -600]);

  it('needs a session', () => {
    assert.equal(judge(undefined, read({}), noon), 'signed-out');
  });

  it('is met by what was proved before', () => {
    assert.equal(judge(password, read({}), noon), 'met');
    assert.equal(judge(both, read({ acrValues: mfa }), noon), 'met');
  });

  it('is not met by too little, or by somebody else', () => {
    assert.equal(judge(password, read({ acrValues: mfa }), noon), 'too-weak');
    assert.equal(judge(password, read({ required: 'second-step' }), noon), 'too-weak');
    assert.equal(judge(both, read({ hintedSubject: 'bram' }), noon), 'somebody-else');
    assert.equal(judge(both, read({ hintedSubject: 'anna' }), noon), 'met');
  });

  it('is met by a proof within max_age only', () => {
    assert.equal(judge(password, read({ maxAge: '601' }), noon), 'met');
    assert.equal(judge(password, read({ maxAge: '599' }), noon), 'too-old');
    assert.equal(judge(password, read({ maxAge: '0' }), noon), 'too-old');
  });

  it('does not take a fresh password for a fresh second step', () => {
    const mixed = session(['password', 'knowledge', -1], ['text-message', 'possession', -600]);
    assert.equal(judge(mixed, read({ maxAge: '300' }), noon), 'met');
    assert.equal(judge(mixed, read({ maxAge: '300', acrValues: mfa }), noon), 'too-old');
  });

  it('wants a new proof for prompt=login, and is content with it afterwards', () => {
    const demand = read({ prompt: 'login' });
    assert.equal(judge(password, demand, noon), 'too-old');
    const again = session(['password', 'knowledge', 20]);
    assert.equal(judge(again, demand, secondsLater(3000)), 'met');
  });

  it('never sends somebody round in circles because max_age is short', () => {
    const demand = read({ maxAge: '1' });
    const again = session(['password', 'knowledge', 20]);
    assert.equal(judge(again, demand, secondsLater(30)), 'met');
  });
});

describe('what is asked of a person', () => {
  const anna = session(['password', 'knowledge', -600]);
  const ask = (
    demand: Demand,
    judgement: 'signed-out' | 'somebody-else' | 'too-old' | 'too-weak',
  ) => attemptFor(demand, judgement, judgement === 'signed-out' ? undefined : anna);

  it('asks a stranger for everything that is required', () => {
    assert.deepEqual(ask(read({ acrValues: mfa }), 'signed-out'), {
      required: 'second-step',
      subject: undefined,
      anew: 'nothing',
    });
  });

  it('asks for what is missing only', () => {
    assert.deepEqual(ask(read({ acrValues: mfa }), 'too-weak'), {
      required: 'second-step',
      subject: 'anna',
      anew: 'nothing',
    });
  });

  it('steps up with the second step once more', () => {
    const demand = read({ acrValues: mfa, maxAge: '0' });
    assert.equal(ask(demand, 'too-old').anew, 'second-step');
  });

  it('asks for the password once more where nothing else is required', () => {
    assert.equal(ask(read({ maxAge: '10' }), 'too-old').anew, 'everything');
  });

  it('asks for everything at prompt=login', () => {
    const demand = read({ acrValues: mfa, prompt: 'login' });
    assert.deepEqual(ask(demand, 'too-old'), {
      required: 'second-step',
      subject: 'anna',
      anew: 'everything',
    });
    assert.equal(ask(demand, 'too-weak').anew, 'everything');
  });

  it('lets somebody choose another account', () => {
    const demand = read({ prompt: 'login select_account' });
    assert.equal(judge(anna, demand, noon), 'too-old');
    assert.equal(ask(demand, 'too-old').subject, undefined);
  });

  it('asks for the person who is meant', () => {
    assert.deepEqual(ask(read({ hintedSubject: 'bram' }), 'somebody-else'), {
      required: 'password',
      subject: 'bram',
      anew: 'everything',
    });
  });
});

describe('the class that is reported', () => {
  const both = session(['password', 'knowledge', 0], ['text-message', 'possession', 0]);
  const password = session(['password', 'knowledge', 0]);

  it('is the one that was asked for, where it is reached', () => {
    assert.equal(reportedAcr(both, read({ acrValues: sfa })), sfa);
    assert.equal(reportedAcr(both, read({ acrValues: `${mfa} ${sfa}` })), mfa);
  });

  it('is the highest that is reached otherwise', () => {
    assert.equal(reportedAcr(both, read({})), mfa);
    assert.equal(reportedAcr(password, read({ acrValues: mfa })), sfa);
  });
});

/** One strength of the organisation's own: an app and a key, whoever has no key an app and a call. */
const strengths: Pick<Strengths, 'has' | 'combinations'> = {
  has: (id) => id === 'vault',
  combinations: () => [
    ['password', 'authenticator-code', 'security-key'],
    ['password', 'authenticator-code', 'phone-call'],
  ],
};

function judge(...[held, demand, now]: readonly [Session | undefined, Demand, Date]): Judgement {
  return judgeBy(held, demand, now, strengths);
}

function reportedAcr(held: Session, demand: Demand): string {
  return reportedBy(held, demand, strengths);
}

function asked(part: Partial<Asked>): Asked {
  return {
    required: 'password',
    strengths: [],
    acrValues: undefined,
    claims: undefined,
    prompt: undefined,
    maxAge: undefined,
    hintedSubject: undefined,
    ...part,
  };
}

function read(part: Partial<Asked>, offered = today): Demand {
  const demand = readDemand(asked(part), noon, { levels: offered, ...strengths });
  assert.ok(demand !== 'unmet');
  return demand;
}

function acrClaim(acr: object): string {
  return JSON.stringify({ id_token: { acr } });
}

/** Anna's session; proofs as method, strength and when, in seconds from noon. */
function session(...proofs: (readonly [string, Proof['strength'], number])[]): Session {
  return {
    id: Buffer.alloc(32),
    userId: 'anna',
    proofs: proofs.map(([method, strength, seconds]) => ({
      method,
      strength,
      amr: [],
      registrationId: undefined,
      at: secondsLater(seconds),
    })),
    createdAt: noon,
    authenticatedAt: noon,
    lastSeenAt: noon,
    expiresAt: secondsLater(86_400),
    idleSeconds: 3600,
    address: '127.0.0.1',
    userAgent: '',
  };
}
