/** What the Help page says. What stands between “ and ” is called so on the pages themselves. */
import type { HelpTopic } from '../../ui/help.ts';

/** One thing that can be the matter. */
interface Topic {
  /** What is the matter, as its person sees it. */
  readonly title: string;
  /** The same in a few words, for the list and for other topics. */
  readonly short: string;
  /** What it means, or what to do before anything else. */
  readonly lead: string;
  /** What to try, the likeliest first. */
  readonly steps: string[];
}

const topics: Record<Exclude<HelpTopic, 'locked-out' | 'start-again' | 'admin'>, Topic> = {
  'forgotten-phone': {
    short: 'Phone not with you',
    title: 'You do not have your phone with you',
    lead: 'You can sign in with anything else that you have set up.',
    steps: [
      'On the page that waits for your phone, choose “Sign in another way”. Then choose something that needs no mobile phone: your office phone, a security key, a recovery code that you printed.',
      'You do not see “Sign in another way”? Then nothing else is set up, and your admin must help you in.',
      'You see it, but can use nothing of what it lists? Your admin must help you in as well.',
      'Once you are in again, set up a second way under “My Profile”. The next time is easier then.',
    ],
  },
  'lost-phone': {
    short: 'Phone lost or stolen',
    title: 'Your phone is lost or stolen',
    lead: 'Tell your admin straight away, also when you can still sign in yourself.',
    steps: [
      'Your admin clears your settings, so that the phone opens nothing any more. The next time you sign in, you are asked to set up verification again.',
      'You can sign in with something else? Choose “Sign in another way”, and delete the lost phone under “My Profile”.',
      'Ask your phone company to block the SIM card, so that nobody else gets your texts and calls.',
      'Was your password stored on the phone? Change it.',
    ],
  },
  'new-phone': {
    short: 'New phone or number',
    title: 'You have a new phone or a new number',
    lead: 'Texts and calls follow your number. An authenticator app does not move by itself.',
    steps: [
      'Same number: put your SIM card in the new phone. There is nothing to change here.',
      'Authenticator app: keep the old phone until you are done. Sign in with it, and set up the app on the new phone under “My Profile”.',
      'New number: sign in another way, and change the number under “My Profile” before you give up the old one.',
      'Old phone or number gone, and nothing else set up? Ask your admin to clear your settings. You set up verification again at the next sign-in.',
    ],
  },
  'silent-phone': {
    short: 'Phone stays silent',
    title: 'Your phone stays silent',
    lead: 'The text or call is there, but the phone does not show it or ring.',
    steps: [
      'Turn off Do Not Disturb, sleep or focus mode, and aeroplane mode.',
      'Restart the phone. It sounds simple, and it often helps.',
      'See whether the phone blocks numbers that it does not know, or whether an app against unwanted calls does. Allow them for now.',
      'Allow notifications for the app that shows your texts, and turn off battery saving: it may hold them back.',
    ],
  },
  abroad: {
    short: 'Abroad, or no signal',
    title: 'You are abroad, or have no signal',
    lead: 'The codes of an authenticator app need no signal and no internet.',
    steps: [
      'Have you set up an authenticator app? Choose “Sign in another way”, and then “Use verification code”. A security key works everywhere too.',
      'Texts and calls abroad need roaming. Turn it on in the phone’s settings. If nothing comes, ask your phone company whether your subscription includes it.',
      'Bad signal indoors? A window or the street may be enough. Some phones can call over Wi-Fi.',
      'Before the next journey, set up an authenticator app under “My Profile”.',
    ],
  },
  'no-text': {
    short: 'No text message',
    title: 'The text message does not come',
    lead: 'If it worked before, the cause is most likely with your phone company.',
    steps: [
      'Look at the number on the page. Are the last two digits yours?',
      'Check that the phone has a signal, and restart it.',
      'Have a friend send you a text. Does that not come either? Ask your phone company.',
      'Choose “Send a new code”. If several texts come in after all, only the newest code counts.',
      'Have you ever answered us with STOP? Send START to the same number.',
      'Choose “Sign in another way” for a call, or for the code of an authenticator app, which needs no signal.',
      'Too many texts and calls in a while? Then the page counts down to the next one. Codes from an app go on.',
      'Have you forgotten your password, and changed your number or address today? For a new password it counts from tomorrow. Choose something else, or ask your admin.',
    ],
  },
  'no-call': {
    short: 'No call',
    title: 'The call does not come, or ends too soon',
    lead: 'An automatic voice calls you and asks you to press #. Voicemail cannot do that for you.',
    steps: [
      'Look at the number on the page. Are the last two digits yours?',
      'Answer yourself, and wait until the voice asks for #. On a mobile phone, open the keypad first.',
      'The voice does not hear #? Press it once more, a little longer. Some phones have a setting for keypad tones: turn it on.',
      'See whether the phone blocks unknown or private numbers, and allow them for now.',
      'Have a friend call you. Does the phone not ring either? Ask your phone company.',
      'Is it your office phone, and the number is wrong? Where it comes from your organisation, only your admin can change it.',
    ],
  },
  'no-notification': {
    short: 'No notification',
    title: 'The notification of the app does not come',
    lead: 'The request waits in the app, also when nothing tells you so.',
    steps: [
      'Open the Tweestap Authenticator. The request stands there as long as the page counts down.',
      'Still nothing? The phone needs a network for it. Choose “Use a code from the app instead”: a code needs none.',
      'Allow notifications for the app in the settings of the phone, and turn off battery saving for it. On an iPhone they come only when the app is on the Home Screen.',
      'Turn off Do Not Disturb, sleep or focus mode.',
      'The app says that the phone was removed? Sign in another way, and set up the app again under “My Profile”.',
      'The number is refused? Each request has a number of its own. Type the one that the page shows now.',
      'Does the page count down to the next notification? There are three in ten minutes at most. Codes from the app go on.',
    ],
  },
  'app-set-up': {
    short: 'Setting up the app',
    title: 'The authenticator app cannot be set up',
    lead: 'The Tweestap Authenticator opens in the browser of your phone. It needs no app store.',
    steps: [
      'Scan the QR code with the camera of the phone, and open the address that it shows.',
      'The camera does not read it? Open the URL that stands beside it on the phone, and type the code there.',
      'The code is refused? It is good once, and while its page is open. Go back on that page and begin again for a new one.',
      'The app speaks of its clock? Let the phone set its clock by itself, in its settings under date and time.',
      'Another app cannot read the QR code: notifications come to the Tweestap Authenticator only. For any other app choose “Use verification code”.',
    ],
  },
  'code-refused': {
    short: 'Code refused',
    title: 'A code is refused',
    lead: 'A code is good once, and for a short time. Type the newest one.',
    steps: [
      'From a text: take the newest text. A new code closes the one before it.',
      'From an app: wait for the next code, and type it before it changes.',
      'Refused again? Let your phone set its clock by itself, in its settings under date and time. With a clock that is a minute off, every code is wrong.',
      'Does the app hold several accounts? Take the one with the name of your organisation and your user name.',
      'Have you set up the app again since? Only the newest entry in the app is right. Delete the older one there.',
      'From a list of recovery codes: each works once. Take the next one.',
      'A hardware token that keeps being refused: ask your admin.',
    ],
  },
  'security-key': {
    short: 'Security key',
    title: 'The security key does not answer',
    lead: 'Often the key waits for a touch, or the browser shows its question behind another window.',
    steps: [
      'Plug in the key, or hold it against the back of your phone. Touch it when its light blinks.',
      'Try another port, on the computer itself. Close other windows that may be asking.',
      'Type the PIN of the key, which is not the PIN of your phone. After too many wrong ones the key locks itself: ask your admin.',
      'Use a key that you registered for this account. A passkey works only where it was saved: this device, or your phone nearby.',
      'Use an up-to-date browser that runs script: this is the one step that needs it.',
      'Still nothing? Choose “Sign in another way”.',
    ],
  },
  password: {
    short: 'Password refused',
    title: 'Your password is refused',
    lead: 'User name and password are checked together. We never say which of them is wrong.',
    steps: [
      'Choose “Show” to read what you type. Look at Caps Lock and at the language of the keyboard.',
      'Use the account of your work or school. A private account, from Microsoft or Google for example, opens nothing here.',
      'Changed your password lately? Your browser may still fill in the old one.',
      'Forgotten it? Ask your admin.',
    ],
  },
  'not-me': {
    short: 'Not your request',
    title: 'You got a request that you did not make',
    lead: 'Do not confirm it. Somebody may know your password, but cannot get in without you.',
    steps: [
      'A call: press the key that the voice names for it (0, as a rule) and then #. That stops this sign-in and reports it. Hanging up stops it too.',
      'A request in the app: say there that it was not you. That stops this sign-in and reports it. Denying it stops it too.',
      'A text: give the code to nobody and do not reply, whatever you are told. Your help desk never asks for it.',
      'Tell your admin straight away.',
      'Change your password, and do not use the old one anywhere else.',
    ],
  },
  'app-passwords': {
    short: 'App passwords',
    title: 'An app keeps refusing your password',
    lead: 'Some older apps, such as a mail program, cannot ask for a second step. They need an app password in place of your normal one.',
    steps: [
      'Make an app password under “My Profile”, and paste it where the app asks for your password. One may serve several apps.',
      'Not accepted? Type or paste it once more.',
      'Still not? Make a new one, and delete the old one.',
      'None of them works, or you cannot make more? Your admin can delete them all, so that you can make new ones.',
      'On web pages you always use your normal password.',
      'You find no app passwords? Your organisation does not use them. Ask your admin which app to use instead.',
    ],
  },
};

export const en = {
  title: 'Help with signing in',
  intro: 'Choose what is the matter. What helps most often comes first.',
  contents: 'What is the matter?',
  toContents: 'Back to the list',
  back: 'Back to where you were',
  seeAlso: 'See also:',
  groups: {
    phone: 'Your phone',
    codes: 'Texts, calls and codes',
    account: 'Your account',
    people: 'People who help',
  },
  topics: {
    ...topics,
    /** Both: the first pause, which is the shortest. */
    'locked-out': (afterPasswords: string) => ({
      short: 'Waiting, or locked out',
      title: 'You have to wait, or are locked out',
      lead: 'A pause stops whoever guesses. Your account is still there.',
      steps: [
        'The page counts down to the moment when you can go on. Leave it open, or come back later.',
        `After too many wrong passwords the first pause takes ${afterPasswords}, after too many wrong answers at the second step some more. The next ones are longer.`,
        'Does the page say that your account is blocked or switched off? Waiting does not help then. Only your admin can open it.',
        'It was not you who typed wrong? Tell your admin: somebody else is trying.',
      ],
    }),
    /** How long a sign-in stays open. */
    'start-again': (open: string) => ({
      short: 'Error, or start again',
      title: 'The page shows an error, or says to start again',
      lead: 'Nothing is lost. Go back to the app that you want to use, and sign in from there.',
      steps: [
        `A sign-in stays open for ${open} at most, and in one browser only. Finish it where you began.`,
        'Make a bookmark of the app, not of the page where you sign in.',
        'Let your browser accept cookies of this site.',
        'Is there a reference on the page? Write it down. With it your help desk finds what happened.',
      ],
    }),
    admin: (organisation: string) => ({
      short: 'Your admin',
      title: 'Who is your admin, and how do you reach them?',
      lead: `Your admin looks after the accounts of ${organisation}. Most often that is the help desk or the IT department.`,
      steps: [
        'Tell them your user name, what the page says, and the reference if there is one.',
        'They can help you in, let you set up verification again, and unblock your account.',
        'They never ask for your password or for a code. Whoever does is not your admin.',
      ],
    }),
  },
  helpDesk: (organisation: string) => `Go to the help desk of ${organisation}`,
  noHelpDesk: (organisation: string) =>
    `${organisation} has given no address here. Ask a colleague, a teacher or the reception how to reach the help desk. Call them or walk in: you may not be able to read a mail now.`,
};
