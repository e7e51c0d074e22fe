/** What is said about security questions, and the questions themselves. */
export const en = {
  name: 'Security questions',
  place: 'Security questions (for password reset only)',
  count: (count: number) => `${count} questions`,
  tile: { title: 'Answer security questions', detail: 'For password reset only' },
  questions: {
    'parents-met': 'In what city did your parents meet?',
    'nearest-sibling': 'In what city does your nearest sibling live?',
    'first-job-city': 'In what city was your first job?',
    'new-year-2000': 'Where did you celebrate the turn of the year 2000?',
    'secondary-teacher': 'What is the last name of your favourite teacher at secondary school?',
    'unused-university': 'What school did you apply to but not attend?',
    'wedding-guest': 'Where was the first wedding that you remember being at?',
    'father-second-name': "What is your father's second first name?",
    'oldest-sibling-birthday': 'In which month and year was your oldest sibling born?',
    'youngest-sibling-birthday': 'In which month and year was your youngest sibling born?',
    'mother-street': 'In which street did your mother live as a child?',
    'childhood-hero': 'Who was your hero when you were a child?',
    'childhood-phone': 'What was the last phone number of your parents that you knew by heart?',
    'favourite-toy': 'What was your favourite toy as a child?',
    'first-concert': 'Whose concert was the first that you went to?',
  },
  form: {
    intro: (shortest: number, longest: number) =>
      `Choose questions whose answers you will still know in years, and others cannot find. Each answer has ${shortest} to ${longest} characters; capitals and blanks at its ends do not matter.`,
    question: (place: number) => `Question ${place}`,
    choose: 'Choose a question',
    answer: (place: number) => `Answer ${place}`,
  },
  refused: {
    noQuestion: (place: number) => `Choose question ${place}.`,
    sameQuestion: (place: number) => `Choose another question ${place}: you have chosen it above.`,
    noAnswer: (place: number) => `Type answer ${place}.`,
    short: (place: number, shortest: number) =>
      `Answer ${place} is too short. Type at least ${shortest} characters.`,
    long: (place: number, longest: number) =>
      `Answer ${place} is too long. Type ${longest} characters at most.`,
    sameAnswer: (place: number) =>
      `Type another answer ${place}: each answer can be given once only.`,
  },
  check: {
    title: 'Check your answers',
    once: 'When you have saved them nobody can read these answers, and one cannot be changed by itself: you then answer all questions anew.',
    save: 'Save',
  },
  challenge: {
    title: 'Answer your security questions',
    intro: 'Answer as you did when you registered them. Capitals do not matter.',
  },
  rejections: {
    unreadable: 'Not every question was answered. Answer all of them.',
    'incorrect-code': 'Not all of these answers are right. Check each of them, and try again.',
    'code-already-used': 'These answers were used before. Start again, or choose another way.',
    'too-many-wrong': 'That was five times wrong. Start again, or choose another way.',
    expired: 'You were away for a while. Start again.',
    superseded: 'You started again on another page. Go on there, or start again here.',
  },
};
