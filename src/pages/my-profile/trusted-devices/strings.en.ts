/** What the page of trusted devices says; labels of rows E-018 and E-019. */
export const en = {
  title: 'Trusted devices',
  intro:
    'On these devices your password alone lets you in for some days: no second step is asked there. What you change here, and some applications, ask for it all the same.',
  back: 'Back to Trusted devices',
  cancel: 'Cancel',
  list: {
    heading: 'Devices you trust',
    thisOne: 'This device',
    since: 'Trusted',
    until: 'ends',
    used: 'Last used',
    from: 'from',
    end: 'Stop trusting',
    endAll: 'Restore multi-factor authentication on previously trusted devices',
  },
  /** Rows are there, and policy does not let them count now. */
  suspended:
    'Your organisation does not allow trusted devices now: you are asked for the second step on each of these.',
  none: {
    title: 'You trust no device',
    allowed: (days: number) =>
      days === 1
        ? "When you are asked for the second step, tick “Don't ask again for 1 day”. The device is then listed here."
        : `When you are asked for the second step, tick “Don't ask again for ${days} days”. The device is then listed here.`,
    notAllowed:
      'For your account the second step is asked at every sign-in, on every device, so there is nothing to trust.',
  },
  endAll: {
    title: 'Ask for the second step on all devices again?',
    body: (count: number) =>
      count === 1
        ? 'The device you trust is trusted no longer. If it is not this one, you are signed out there.'
        : `The ${count} devices you trust are trusted no longer. Where you are signed in on one of the others, you are signed out.`,
    confirm: 'Restore on all devices',
  },
  done: {
    ended: 'The device is trusted no longer: the second step is asked there again.',
    'all-ended': 'No device is trusted any more: the second step is asked everywhere again.',
    gone: 'That was ended before.',
  },
};
