/** Owns what beginning a job would come to: how many it would be done to, and whom it would leave out. */
import { mayAct, refusalOf } from '../../accounts/administering.ts';
import type { FoundUser } from '../../accounts/user-store.ts';
import type { User } from '../../accounts/user.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import { signInKinds } from '../../registrations/options.ts';
import type { SigninStores } from '../../signin/stores.ts';
import { actOf, foundAtOnce, searchAt, type Everybody, type JobTask, type Why } from './job.ts';
import { steps } from './quick-steps.ts';

/** What beginning it would come to, as far as the accounts tell now. */
export interface Preview {
  readonly affected: number;
  /** How many it leaves out, and why. */
  readonly leftOut: ReadonlyMap<Why, number>;
  /** Some of those who are not simply done already. */
  readonly named: readonly { readonly name: string; readonly why: Why }[];
}

export interface PreviewParts {
  readonly stores: Pick<SigninStores, 'users' | 'registrations'>;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly clock: Clock;
}

const mostNamed = 50;

/** Counts whom it would be done to, and whom it would leave out, if `actor` began it. */
export async function previewJob(
  parts: PreviewParts,
  everybody: Everybody,
  task: JobTask,
  actor: Pick<User, 'id' | 'role'>,
): Promise<Preview> {
  const { secondApproval } = (await parts.policies.current()).administration;
  const leftOut = new Map<Why, number>();
  const named: { readonly name: string; readonly why: Why }[] = [];
  let affected = 0;
  for await (const found of pagesOf(parts, everybody)) {
    const registered = task.kind === 'remind' ? await registeredAmong(parts, found) : nobody;
    for (const user of found) {
      const why = whyNot(task, user, actor, registered, secondApproval);
      if (why === undefined) affected += 1;
      else leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
      if (why !== undefined && why !== 'already' && named.length < mostNamed) {
        named.push({ name: user.displayName, why });
      }
    }
  }
  return { affected, leftOut, named };
}

async function* pagesOf(
  { stores, clock }: PreviewParts,
  everybody: Everybody,
): AsyncGenerator<readonly FoundUser[]> {
  let { after } = everybody;
  for (;;) {
    const search = { ...searchAt(everybody, clock.now()), after, limit: foundAtOnce };
    const found = await stores.users.searchNames(search);
    yield found;
    after = found.at(-1)?.canonicalName;
    if (after === undefined || found.length < foundAtOnce) return;
  }
}

const nobody: ReadonlySet<string> = new Set();

/** Who of them has something registered that proves a sign-in. */
async function registeredAmong(
  { stores, methods }: PreviewParts,
  found: readonly FoundUser[],
): Promise<ReadonlySet<string>> {
  const proving = signInKinds(methods);
  const all = await stores.registrations.kindsOf(found.map(({ id }) => id));
  const have = [...all].filter(([, theirs]) => theirs.some((kind) => proving.includes(kind)));
  return new Set(have.map(([id]) => id));
}

/** Why it would not be done to this one, in the order in which it will be found out. */
function whyNot(
  task: JobTask,
  user: FoundUser,
  actor: Pick<User, 'id' | 'role'>,
  registered: ReadonlySet<string>,
  secondApproval: boolean,
): Why | undefined {
  const act = actOf(task);
  if (act === 'announce') {
    if (!mayAct(actor.role, act)) return 'role';
    return registered.has(user.id) ? 'already' : undefined;
  }
  if (act === 'add-people') return undefined;
  if (task.kind === 'step' && steps[task.step].isDone(user)) return 'already';
  const needsSecond = secondApproval && user.role !== 'user';
  return refusalOf(actor, act, user) ?? (needsSecond ? 'approval' : undefined);
}
