/** Owns the quick steps: what each does to one person, and for whom there is nothing to do. */
import type { AdminAct } from '../../accounts/administering.ts';
import type { PerUserMfaState } from '../../accounts/user.ts';
import type { By } from '../acting-admin.ts';
import type { Administration } from '../administration.ts';

export const stepIds = [
  'enable',
  'enforce',
  'disable',
  're-register',
  'revoke-sessions',
  'delete-app-passwords',
] as const;
export type StepId = (typeof stepIds)[number];

/** What a step looks at before it is done. */
export interface Stepped {
  readonly id: string;
  readonly perUserMfaState: PerUserMfaState;
}

export interface QuickStep {
  readonly act: AdminAct;
  /** Whether something takes away what cannot be brought back, or a protection. */
  readonly isDangerous: boolean;
  /** Whether there is nothing to change, as far as the account tells. */
  readonly isDone: (user: Stepped) => boolean;
  /** False where there was nothing to change after all. */
  readonly run: (administration: Administration, user: Stepped, by: By) => Promise<boolean>;
}

const moving = (state: PerUserMfaState): Pick<QuickStep, 'act' | 'isDone' | 'run'> => ({
  act: 'set-state',
  isDone: (user) => user.perUserMfaState === state,
  run: (administration, user, by) => administration.setState(user.id, state, by),
});
const never = (): boolean => false;

/** What each of them does. */
export const steps: Readonly<Record<StepId, QuickStep>> = {
  enable: {
    ...moving('enabled'),
    isDangerous: false,
    // Who is enforced has done what enabling asks for: it would only take that away.
    isDone: ({ perUserMfaState }) => perUserMfaState !== 'disabled',
  },
  enforce: { ...moving('enforced'), isDangerous: false },
  disable: { ...moving('disabled'), isDangerous: true },
  're-register': {
    act: 're-register',
    isDangerous: true,
    isDone: never,
    run: async (administration, user, by) => {
      await administration.requireReRegistration(user.id, by);
      return true;
    },
  },
  'revoke-sessions': {
    act: 'revoke-sessions',
    isDangerous: false,
    isDone: never,
    run: async (administration, user, by) => {
      await administration.revokeSessions(user.id, by);
      return true;
    },
  },
  'delete-app-passwords': {
    act: 'delete-app-passwords',
    isDangerous: true,
    isDone: never,
    run: async (administration, user, by) =>
      (await administration.removeAppPasswords(user.id, by)) > 0,
  },
};
