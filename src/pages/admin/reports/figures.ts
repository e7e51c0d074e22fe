/** Owns what the reports count: from counts by day, and from what everybody has registered. */
import type { AuditStore, AuditTally } from '../../../audit/audit-store.ts';
import type { SignInEventStore, SignInTally } from '../../../audit/sign-in-event.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Methods } from '../../../methods/method.ts';
import { standingOf, type Policy } from '../../../policies/policy.ts';
import type { Coverage, RegistrationStore } from '../../../registrations/registration-store.ts';
import { createDaily, type Daily, type OnDay } from './daily.ts';
import type { Period } from './period.ts';

export interface FiguresParts {
  readonly stores: {
    readonly signInEvents: Pick<SignInEventStore, 'tally'>;
    readonly audit: Pick<AuditStore, 'tally'>;
    readonly registrations: Pick<RegistrationStore, 'coverage'>;
  };
  readonly methods: Methods;
  readonly clock: Clock;
}

const countedMs = 60_000;

/** What is counted of a period, each part when it is asked for. */
export interface Figures {
  signIns(period: Period): Promise<readonly OnDay<SignInTally>[]>;
  /** Events of these of the kinds below. */
  events(kind: CountedKinds, period: Period): Promise<readonly OnDay<AuditTally>[]>;
  coverage(policy: Policy): Promise<readonly GroupCoverage[]>;
}

/** Which events are counted together. */
const countedKinds = {
  rejected: ['answer-rejected'],
  registered: ['method-registered'],
  resets: ['password-reset', 'password-unlocked', 'password-set-by-admin'],
  alarms: ['fraud-reported', 'sign-in-denied', 'second-steps-paused'],
  messages: ['message-settled'],
} as const;
export type CountedKinds = keyof typeof countedKinds;

/** How many of a group can prove who they are. */
export interface GroupCoverage {
  /** Undefined: everybody. */
  readonly group: string | undefined;
  readonly people: number;
  /** Have registered something that they may use. */
  readonly capable: number;
  /** Have registered something, and may use none of it. */
  readonly notAllowed: number;
  /** Have registered nothing. */
  readonly nothing: number;
  /** How many have registered each kind. */
  readonly kinds: ReadonlyMap<string, number>;
}

/** Makes them; one for a process, for they keep the counts of days that are over. */
export function createFigures({ stores, methods, clock }: FiguresParts): Figures {
  const signIns = createDaily(
    (from, before) => stores.signInEvents.tally({ from, before }, ['day', 'result', 'method']),
    clock,
  );
  const daily = (kinds: readonly string[]): Daily<AuditTally> =>
    createDaily((from, to) => stores.audit.tally({ kinds, from, to }), clock);
  const events: Readonly<Record<CountedKinds, Daily<AuditTally>>> = {
    rejected: daily(countedKinds.rejected),
    registered: daily(countedKinds.registered),
    resets: daily(countedKinds.resets),
    alarms: daily(countedKinds.alarms),
    messages: daily(countedKinds.messages),
  };
  const kinds = provingKinds(methods);
  let counted: { readonly at: number; readonly rows: Promise<readonly Coverage[]> } | undefined;
  /** Everybody is counted once a minute at most: it is the one question that an index alone does not answer. */
  const everybody = (): Promise<readonly Coverage[]> => {
    const at = clock.now().getTime();
    if (counted === undefined || at - counted.at >= countedMs || at < counted.at) {
      const rows = stores.registrations.coverage(kinds);
      counted = { at, rows };
      // What failed is asked anew.
      rows.catch(() => {
        counted = undefined;
      });
    }
    return counted.rows;
  };

  return {
    signIns: ({ begin, days }) => signIns(begin, days),
    events: (kind, { begin, days }) => events[kind](begin, days),
    coverage: async (policy) => coverageOf(await everybody(), policy, methods),
  };
}

/** The kinds that prove somebody in a sign-in. */
function provingKinds(methods: Methods): readonly string[] {
  const proving = methods.all.filter(
    ({ provesIn, standsIn }) => provesIn.includes('sign-in') && !standsIn,
  );
  return [...new Set(proving.map(({ registers }) => registers.id))];
}

/** Everybody first, then every group, the one with most people first. */
function coverageOf(
  rows: readonly Coverage[],
  policy: Policy,
  methods: Methods,
): readonly GroupCoverage[] {
  interface Counted {
    people: number;
    capable: number;
    notAllowed: number;
    nothing: number;
    readonly kinds: Map<string, number>;
  }
  const groups = new Map<string | undefined, Counted>();
  const countIn = (group: string | undefined, row: Coverage, isCapable: boolean): void => {
    const counted = groups.get(group) ?? {
      people: 0,
      capable: 0,
      notAllowed: 0,
      nothing: 0,
      kinds: new Map<string, number>(),
    };
    groups.set(group, counted);
    counted.people += row.people;
    if (isCapable) counted.capable += row.people;
    else if (row.kinds.length > 0) counted.notAllowed += row.people;
    else counted.nothing += row.people;
    for (const kind of row.kinds) {
      counted.kinds.set(kind, (counted.kinds.get(kind) ?? 0) + row.people);
    }
  };
  for (const row of rows) {
    const isCapable = methods.all.some(
      (method) =>
        method.provesIn.includes('sign-in') &&
        !method.standsIn &&
        row.kinds.includes(method.registers.id) &&
        standingOf(policy, method, row) === 'allowed',
    );
    countIn(undefined, row, isCapable);
    for (const group of new Set(row.groups)) countIn(group, row, isCapable);
  }
  return [...groups]
    .map(([group, counted]) => ({ group, ...counted }))
    .toSorted((one, other) =>
      one.group === undefined ? -1 : other.group === undefined ? 1 : other.people - one.people,
    );
}
