import type { ApprovedAct } from '../../../accounts/approval.ts';

/** What the pages of the approvals say. */
export const en = {
  title: 'Approvals',
  intro:
    'What is done to the account of somebody with a role waits here until a second administrator agrees. Each agreement is good once, and for a day.',
  off: 'Your organisation asks for no second administrator. It can be switched on under Settings, Administration.',
  none: 'Nothing waits',
  noneBody: 'What another administrator asks for appears here.',
  back: 'Approvals',
  columns: {
    what: 'What',
    who: 'Whose account',
    asked: 'Asked by',
    when: 'When',
    standing: 'Standing',
  },
  standings: { open: 'Waits', agreed: 'Agreed', declined: 'Declined', done: 'Done', over: 'Over' },
  acts: {
    'set-state': 'Change the multi-factor state',
    block: 'Block',
    unblock: 'Unblock',
    're-register': 'Require re-register',
    'revoke-sessions': 'Revoke sessions',
    'delete-app-passwords': 'Delete app passwords',
    'remove-method': 'Delete a method',
    'set-phone': 'Register a phone',
    'assign-token': 'Give or take a hardware token',
    'change-contact': 'Change the details',
    'change-other-mail': 'Change the other mail address',
    'change-groups': 'Change the groups',
    'change-role': 'Change the role',
    'switch-account': 'Switch the account on or off',
    'set-password': 'Set a temporary password',
    'issue-pass': 'Make a Temporary Access Pass',
    'stop-asking': 'No longer ask a second administrator',
  } satisfies Record<ApprovedAct, string>,
  nobody: 'Nobody in particular',
  gone: 'An account that is gone',
  ask: {
    title: 'A second administrator has to agree',
    intro: (act: string, name: string) =>
      `${act}: ${name}. Your organisation asks a second administrator to agree before this is done to somebody with a role.`,
    why: 'Why',
    whyHint: 'The second administrator reads it. Speak to them as well.',
    missing: 'Type why.',
    confirm: 'Ask',
    cancel: 'Cancel',
  },
  asked:
    'The other administrators were told. You get a mail when one of them decides; then do it once more.',
  askedBefore: 'You asked for this already. It waits, or was agreed to.',
  decided: {
    agreed: 'You agreed. They were told by mail.',
    declined: 'You declined. They were told by mail.',
  },
  tooLate: 'Meanwhile it was decided by somebody else, or is over.',
  one: {
    reason: 'Why',
    until: 'Good until',
    decidedBy: 'Decided by',
    agree: 'Agree',
    decline: 'Decline',
    own: 'You asked for this, so somebody else has to decide.',
    notYours: 'You cannot decide this: it concerns you, or is above your role.',
    warning: 'Speak to whoever asks before you agree: somebody else may be using their account.',
  },
};
