/** What the reports say. */
export const en = {
  title: 'Reports',
  intro:
    'How people sign in and what gets in their way. Every part of a chart leads to the list behind it.',
  period: 'Period',
  periods: { 7: '7 days', 30: '30 days', 90: '90 days', 365: 'A year' },
  csv: 'CSV',
  now: 'As it is now, whatever the period.',
  nothing: 'Nothing in this period.',
  parts: {
    day: 'Day',
    week: 'Week from',
    method: 'Method',
    reason: 'Why',
    group: 'Group',
    country: 'Country',
  },
  week: (from: string) => `Week from ${from}`,
  other: 'Other',
  everybody: 'Everybody',
  unknownCountry: 'Unknown country',
  reports: {
    signIns: {
      title: 'Sign-ins by result',
      intro: 'Not finished: the password was right, and nothing followed.',
      series: { success: 'Signed in', interrupted: 'Not finished', failure: 'Refused' },
    },
    methods: {
      title: 'Sign-ins by method',
      intro: 'What decided the sign-in.',
      series: { success: 'Signed in', other: 'Refused or not finished' },
    },
    failures: {
      title: 'Why second steps fail',
      intro: 'Every answer that was refused, also where the next one was right.',
      series: { refused: 'Refused answers' },
    },
    registered: {
      title: 'Registered over time',
      intro: 'What people set up, each time they did.',
    },
    kinds: {
      title: 'What people have registered',
      series: { people: 'People' },
    },
    coverage: {
      title: 'Coverage by group',
      intro:
        'Ready: has registered something that the settings let them use. Accounts that are switched off do not count.',
      series: {
        capable: 'Ready',
        notAllowed: 'Only what is not allowed',
        nothing: 'Nothing registered',
      },
      ready: (share: string) => `${share} of everybody is ready.`,
    },
    resets: {
      title: 'Passwords reset',
      intro: 'Without the help desk, and by it.',
      series: {
        reset: 'Reset by themselves',
        unlocked: 'Pause ended by themselves',
        admin: 'Set by an administrator',
      },
    },
    alarms: {
      title: 'Fraud reports',
      intro: 'People who said that it was not them, and pauses after ten wrong second steps.',
      series: {
        reported: 'Call or request reported',
        denied: 'Sign-in reported',
        paused: 'Paused',
      },
    },
    messages: {
      title: 'Texts and calls',
      intro: 'As your providers took them.',
      series: { text: 'Texts', call: 'Calls', failed: 'Not sent' },
    },
    countries: {
      title: 'Texts and calls by country',
      series: { text: 'Texts', call: 'Calls' },
      costs: (all: string, texts: string, calls: string) =>
        `About ${all}: texts ${texts}, calls ${calls}, at the prices in the settings.`,
      noPrice: 'There is no price in the settings, so this tells no costs.',
      unpriced: 'no price',
      cost: 'Cost, about',
    },
  },
};
