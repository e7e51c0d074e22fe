/**
 * Owns the gallery: pages as they will be, and every component in every state, in each language,
 * light and dark. One looks at it in review; tests and screenshots use the same pages.
 */
import { formatNumber } from '../i18n/format.ts';
import type { Locale } from '../i18n/locale.ts';
import { html, type SafeHtml } from '../lib/html.ts';
import { actions, button, link, linkButton } from './components/button.ts';
import { card, details, prose } from './components/card.ts';
import { barChart, columnChart, lineChart } from './components/chart.ts';
import { checkbox, checkboxes, radioTiles } from './components/choice.ts';
import { codeField, field, passwordField, selectField, textArea } from './components/field.ts';
import { fieldRow, fieldset, form } from './components/form.ts';
import { badge, emptyState, facts, itemList } from './components/list.ts';
import { errorSummary, notice } from './components/notice.ts';
import { codeList, qrPanel, secretDisplay } from './components/secret.ts';
import { sheet } from './components/sheet.ts';
import { steps } from './components/steps.ts';
import { pager, table } from './components/table.ts';
import { tiles } from './components/tile.ts';
import { timeAgo } from './components/time.ts';
import { countdown, waiting } from './components/waiting.ts';
import { iconNames } from './icons.ts';
import {
  cardPage,
  portalPage,
  type CardPageOptions,
  type PageFrame,
  type PortalPageOptions,
} from './layout.ts';

export interface GalleryOptions {
  readonly assets: PageFrame['assets'];
  readonly locale: Locale;
  readonly scheme?: 'light' | 'dark' | undefined;
  /** What the moments on the pages count from. */
  readonly now: Date;
  /** Where a page of the gallery is found; `<name>.html` unless told. */
  readonly href?: ((name: string) => string) | undefined;
}

export interface GalleryPage {
  /** As in addresses: `sign-in-error`. */
  readonly name: string;
  readonly page: SafeHtml;
}

/** All pages of the gallery in one language. */
export function galleryPages(options: GalleryOptions): readonly GalleryPage[] {
  const sheet = sheetOf(options);
  return [
    ...signInPages(sheet),
    ...waitingPages(sheet),
    ...registrationPages(sheet),
    ...portalPages(sheet),
    { name: 'components', page: componentsPage(sheet) },
    { name: 'icons', page: iconsPage(sheet) },
  ];
}

/** What every sample page needs: its frame, and a way to say things in the page's language. */
interface Sheet {
  readonly locale: Locale;
  readonly now: Date;
  readonly say: (en: string, nl: string) => string;
  readonly seconds: (count: number) => Date;
  readonly card: (name: string, page: SamplePage<CardPageOptions>) => GalleryPage;
  readonly portal: (name: string, page: SamplePage<PortalPageOptions>) => GalleryPage;
}

type SamplePage<page> = Omit<page, keyof PageFrame | 'homeHref' | 'navigation' | 'account'> & {
  readonly account?: CardPageOptions['account'];
};

const csrf = 'sample';
const user = 'anna@voorbeeld.example';

function sheetOf(options: GalleryOptions): Sheet {
  const { locale, now } = options;
  const href = options.href ?? ((name: string) => `${name}.html`);
  const say = (en: string, nl: string): string => (locale === 'nl' ? nl : en);
  const frame = (name: string): PageFrame => ({
    locale,
    assets: options.assets,
    organisation: { name: 'Voorbeeld' },
    languageSwitch: { path: href(name) },
    help: { href: '#', label: say('Get help', 'Hulp') },
    scheme: options.scheme,
  });
  return {
    locale,
    now,
    say,
    seconds: (count) => new Date(now.getTime() + count * 1000),
    card: (name, page) => ({ name, page: cardPage({ ...frame(name), ...page }) }),
    portal: (name, page) => ({
      name,
      page: portalPage({
        ...frame(name),
        ...page,
        homeHref: href('security-info'),
        account: { name: 'Anna de Vries', signOut: { action: '#', csrf } },
        navigation: [
          {
            items: [
              {
                label: say('My Profile', 'Mijn profiel'),
                href: href('forms'),
                icon: 'person',
                current: name === 'forms',
              },
              {
                label: say('Security info', 'Beveiligingsgegevens'),
                href: href('security-info'),
                icon: 'shield',
                current: name === 'security-info',
              },
              {
                label: say('Recent sign-ins', 'Recente aanmeldingen'),
                href: href('table'),
                icon: 'history',
                current: name === 'table',
              },
              {
                label: say('App passwords', 'App-wachtwoorden'),
                href: href('empty'),
                icon: 'app-password',
                current: name === 'empty',
              },
            ],
          },
          {
            heading: say('Gallery', 'Galerij'),
            items: [
              {
                label: say('Components', 'Onderdelen'),
                href: href('components'),
                icon: 'applications',
                current: name === 'components',
              },
              {
                label: say('Icons', 'Pictogrammen'),
                href: href('icons'),
                icon: 'edit',
                current: name === 'icons',
              },
              { label: say('Sign in', 'Aanmelden'), href: href('sign-in'), icon: 'back' },
            ],
          },
        ],
      }),
    }),
  };
}

function signInPages({ locale, now, say, seconds, card: cardOf }: Sheet): readonly GalleryPage[] {
  const nameField = (value?: string, error?: string): SafeHtml =>
    field({
      locale,
      name: 'userPrincipalName',
      label: say('User name', 'Gebruikersnaam'),
      hint: say('For example anna@voorbeeld.example', 'Bijvoorbeeld anna@voorbeeld.example'),
      type: 'email',
      inputmode: 'email',
      autocomplete: 'username',
      value,
      error,
    });
  const next = button({ label: say('Next', 'Volgende'), kind: 'primary' });
  const cannot = link({
    label: say("Can't access your account?", 'Hebt u geen toegang tot uw account?'),
    href: '#',
  });
  const signIn = say('Sign in', 'Aanmelden');
  const noName = say('Enter your user name.', 'Voer uw gebruikersnaam in.');
  const wrongPassword = say(
    'Your user name or password is not right. Check both and try again.',
    'Uw gebruikersnaam of wachtwoord klopt niet. Controleer beide en probeer het opnieuw.',
  );
  const password = (error?: string): SafeHtml =>
    form({
      action: '#',
      csrf,
      body: [
        passwordField({
          locale,
          name: 'password',
          label: say('Password', 'Wachtwoord'),
          autocomplete: 'current-password',
          error,
        }),
        actions(
          button({ label: signIn, kind: 'primary' }),
          link({ label: say('Forgot my password', 'Wachtwoord vergeten'), href: '#' }),
        ),
      ],
    });
  const enterPassword = say('Enter password', 'Wachtwoord invoeren');
  const enterCode = say('Enter code', 'Code invoeren');
  const codeForm = (error?: string): SafeHtml =>
    html`${form({
      action: '#',
      csrf,
      body: [
        codeField({
          locale,
          name: 'code',
          label: say('Verification code', 'Verificatiecode'),
          error,
        }),
        countdown({
          locale,
          now,
          until: seconds(178),
          text: (time) =>
            say(`The code is valid for another ${time}.`, `De code is nog ${time} geldig.`),
          ended: say(
            'The code is no longer valid. Send a new one.',
            'De code is niet meer geldig. Vraag een nieuwe aan.',
          ),
        }),
        checkbox({
          name: 'trust',
          label: say("Don't ask again for 30 days", '30 dagen niet opnieuw vragen'),
        }),
        actions(
          button({ label: say('Verify', 'Verifiëren'), kind: 'primary' }),
          button({
            label: say('Send a new code', 'Nieuwe code sturen'),
            name: 'again',
            value: '1',
          }),
        ),
      ],
    })}<p>${link({ label: say('Sign in another way', 'Op een andere manier aanmelden'), href: 'choose.html' })}</p>`;
  const sent = html`<p>${say("We've sent a text message with a code to ", 'We hebben een sms-bericht met een code gestuurd naar ')}<strong>+31 ·· ·· ·· 12</strong>.</p>`;
  const usedCode = say(
    'This code is not right. Enter the newest code that we sent you.',
    'Deze code klopt niet. Voer de nieuwste code in die we u hebben gestuurd.',
  );
  return [
    cardOf('sign-in', {
      title: signIn,
      body: html`${form({ action: '#', csrf, body: [nameField(), html`<p>${cannot}</p>`, actions(next)] })}`,
    }),
    cardOf('sign-in-error', {
      title: signIn,
      error: true,
      body: html`${errorSummary({ locale, errors: [{ field: 'userPrincipalName', message: noName }] })}${form(
        {
          action: '#',
          csrf,
          body: [nameField('', noName), html`<p>${cannot}</p>`, actions(next)],
        },
      )}`,
    }),
    cardOf('password', {
      title: enterPassword,
      account: { name: user, notYouHref: '#' },
      body: password(),
    }),
    cardOf('password-error', {
      title: enterPassword,
      account: { name: user, notYouHref: '#' },
      error: true,
      body: html`${errorSummary({ locale, errors: [{ field: 'password', message: wrongPassword }] })}${password(wrongPassword)}`,
    }),
    cardOf('code', {
      title: enterCode,
      account: { name: user, notYouHref: '#' },
      body: html`${sent}${codeForm()}`,
    }),
    cardOf('code-error', {
      title: enterCode,
      account: { name: user, notYouHref: '#' },
      error: true,
      body: html`${errorSummary({ locale, errors: [{ field: 'code', message: usedCode }] })}${sent}${codeForm(usedCode)}`,
    }),
    cardOf('choose', {
      title: say('Sign in another way', 'Op een andere manier aanmelden'),
      account: { name: user, notYouHref: '#' },
      body: html`${form({
        action: '#',
        csrf,
        body: tiles([
          {
            icon: 'notification',
            label: say('Approve a request on your phone', 'Een aanvraag op uw telefoon goedkeuren'),
            detail: 'Tweestap Authenticator, Pixel 9',
            to: { name: 'method', value: 'notification' },
          },
          {
            icon: 'authenticator-code',
            label: say('Use a verification code', 'Een verificatiecode gebruiken'),
            detail: say('From your authenticator app', 'Uit uw authenticator-app'),
            to: { name: 'method', value: 'authenticator-code' },
          },
          {
            icon: 'text-message',
            label: say('Text', 'Sms'),
            detail: '+31 ·· ·· ·· 12',
            to: { name: 'method', value: 'text-message' },
          },
          {
            icon: 'phone-call',
            label: say('Call', 'Bellen'),
            detail: '+31 ·· ·· ·· 12',
            to: { name: 'method', value: 'phone-call' },
          },
          {
            icon: 'office-phone',
            label: say('Call your office phone', 'Uw bureautelefoon bellen'),
            to: {
              disabledReason: say(
                'Your organisation calls office phones between 8:00 and 18:00 only.',
                'Uw organisatie belt bureautelefoons alleen tussen 8.00 en 18.00 uur.',
              ),
            },
          },
        ]),
      })}<p>${link({ label: say('More information', 'Meer informatie'), href: '#' })}</p>`,
    }),
    cardOf('blocked', {
      title: say('Too many tries', 'Te veel pogingen'),
      account: { name: user, notYouHref: '#' },
      body: html`${notice({
        locale,
        kind: 'warning',
        title: say('Wait before you try again', 'Wacht voordat u het opnieuw probeert'),
        body: say(
          'Ten codes in a row were not right. We stopped to protect your account.',
          'Tien codes na elkaar klopten niet. We zijn gestopt om uw account te beschermen.',
        ),
      })}${countdown({ locale, now, until: seconds(754), text: (time) => say(`You can try again in ${time}.`, `U kunt het over ${time} opnieuw proberen.`), atEnd: { enable: 'again' } })}${form(
        {
          action: '#',
          csrf,
          body: actions(
            button({ id: 'again', label: say('Try again', 'Opnieuw proberen'), kind: 'primary' }),
          ),
        },
      )}`,
    }),
  ];
}

function waitingPages({ locale, now, say, seconds, card: cardOf }: Sheet): readonly GalleryPage[] {
  const others = (again: string): SafeHtml =>
    html`${form({
      action: '#',
      csrf,
      body: actions(
        button({ label: again }),
        button({ label: say('Cancel', 'Annuleren'), kind: 'link', name: 'cancel' }),
      ),
    })}<p>${link({ label: say('Sign in another way', 'Op een andere manier aanmelden'), href: 'choose.html' })}</p>`;
  const status = { url: 'status.json', step: 'waiting' };
  return [
    cardOf('call', {
      title: say("We're calling you", 'We bellen u'),
      account: { name: user, notYouHref: '#' },
      autoRefreshSeconds: 5,
      body: html`${waiting({
        locale,
        icon: 'phone-call',
        what: say("We're calling +31 ·· ·· ·· 12", 'We bellen +31 ·· ·· ·· 12'),
        instruction: say('Answer the call and press #.', 'Neem op en druk op het hekje (#).'),
        ring: { now, startedAt: seconds(-18), until: seconds(42), href: '#' },
        status,
      })}${others(say('Call again', 'Opnieuw bellen'))}`,
    }),
    cardOf('approve', {
      title: say('Approve the request in your app', 'Verzoek in uw app goedkeuren'),
      account: { name: user, notYouHref: '#' },
      autoRefreshSeconds: 5,
      body: html`${waiting({
        locale,
        number: '72',
        numberLabel: say('Number to type in the app', 'Nummer om in de app te typen'),
        what: say(
          'We sent a notification to your Tweestap Authenticator (Pixel 8).',
          'We hebben een melding gestuurd naar uw Tweestap Authenticator (Pixel 8).',
        ),
        instruction: say(
          'Open the app, type the number below, and choose Approve. No notification? Open the app anyway: the request waits there.',
          'Open de app, typ het nummer hieronder en kies Goedkeuren. Geen melding? Open de app toch: het verzoek wacht daar.',
        ),
        ring: { now, startedAt: seconds(-5), until: seconds(55), href: '#' },
        status,
      })}${others(say('Send another notification', 'Stuur nog een melding'))}`,
    }),
  ];
}

function registrationPages({ locale, say, card: cardOf }: Sheet): readonly GalleryPage[] {
  const account = { name: user };
  const heading = say('Additional security verification', 'Aanvullende beveiligingsverificatie');
  const next = actions(
    button({ label: say('Next', 'Volgende'), kind: 'primary' }),
    button({ label: say('Back', 'Terug'), name: 'back', value: '1', formnovalidate: true }),
  );
  return [
    cardOf('contact', {
      title: say(
        'Step 1: How should we contact you?',
        'Stap 1: Hoe moeten we contact met u opnemen?',
      ),
      account,
      wide: true,
      above: steps({ locale, current: 1, total: 3 }),
      body: html`<p>${heading}. ${say('We use this to be sure that it is you.', 'Hiermee weten we zeker dat u het bent.')}</p>${form(
        {
          action: '#',
          csrf,
          body: [
            radioTiles({
              locale,
              name: 'method',
              legend: say('Contact method', 'Contactmethode'),
              value: 'phone',
              options: [
                {
                  value: 'phone',
                  icon: 'text-message',
                  label: say('Authentication phone', 'Verificatietelefoon'),
                  detail: say(
                    'A text or a call to your mobile phone',
                    'Een sms-bericht of een oproep naar uw mobiele telefoon',
                  ),
                },
                {
                  value: 'office',
                  icon: 'office-phone',
                  label: say('Office phone', 'Bureautelefoon'),
                  detail: say(
                    'A call to the number of the directory',
                    'Een oproep naar het nummer uit de adreslijst',
                  ),
                },
                {
                  value: 'app',
                  icon: 'authenticator-code',
                  label: say('Mobile app', 'Mobiele app'),
                  disabledReason: say(
                    'Your organisation does not allow this.',
                    'Uw organisatie staat dit niet toe.',
                  ),
                },
              ],
            }),
            fieldRow(
              selectField({
                locale,
                name: 'country',
                label: say('Country or region', 'Land of regio'),
                autocomplete: 'country',
                value: 'NL',
                options: [
                  { value: 'BE', label: say('Belgium (+32)', 'België (+32)') },
                  { value: 'NL', label: say('Netherlands (+31)', 'Nederland (+31)') },
                ],
              }),
              field({
                locale,
                name: 'number',
                label: say('Phone number', 'Telefoonnummer'),
                type: 'tel',
                inputmode: 'tel',
                autocomplete: 'tel-national',
              }),
            ),
            radioTiles({
              locale,
              name: 'by',
              legend: say('Method', 'Methode'),
              look: 'plain',
              value: 'text',
              options: [
                {
                  value: 'text',
                  label: say('Send me a code by text message', 'Stuur mij een code per sms'),
                },
                { value: 'call', label: say('Call me', 'Bel mij') },
              ],
            }),
            next,
          ],
        },
      )}`,
    }),
    cardOf('scan', {
      title: say('Set up your account in the app', 'Uw account instellen in de app'),
      account,
      wide: true,
      above: steps({ locale, current: 2, total: 4 }),
      body: html`${qrPanel({
        text: 'otpauth://totp/Voorbeeld:anna%40voorbeeld.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Voorbeeld',
        label: say('QR code for your authenticator app', 'QR-code voor uw authenticator-app'),
        body: html`<p>${say('Scan the QR code with your authenticator app.', 'Scan de QR-code met uw authenticator-app.')}</p>${details(
          {
            summary: say("Can't scan the QR code?", 'Kunt u de QR-code niet scannen?'),
            body: html`${secretDisplay({ locale, size: 'normal', label: 'Code', value: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' })}${secretDisplay({ locale, size: 'normal', groupOf: 0, label: 'URL', value: 'https://voorbeeld.example/activate' })}`,
          },
        )}`,
      })}${form({ action: '#', csrf, body: next })}`,
    }),
    cardOf('app-password', {
      title: say(
        'Keep using your existing applications',
        'Bestaande toepassingen blijven gebruiken',
      ),
      account,
      wide: true,
      above: steps({ locale, current: 3, total: 3 }),
      body: html`<p>${say('Some apps, like mail on older phones, cannot show a second step. Use this app password there instead of your own.', 'Sommige apps, zoals mail op oudere telefoons, kunnen geen tweede stap tonen. Gebruik daar dit app-wachtwoord in plaats van uw eigen wachtwoord.')}</p>${secretDisplay({ locale, label: say('App password "Mail"', 'App-wachtwoord "Mail"'), value: 'kf3a7qhw2mxrt5bzjc6dne4p' })}${notice(
        {
          locale,
          kind: 'info',
          body: say(
            'You see this once. You can make another at any time.',
            'U ziet dit één keer. U kunt altijd een ander maken.',
          ),
        },
      )}${form({ action: '#', csrf, body: actions(button({ label: say('Done', 'Gereed'), kind: 'primary' })) })}`,
    }),
  ];
}

function portalPages(sheet: Sheet): readonly GalleryPage[] {
  const { locale, now, say, seconds, portal } = sheet;
  const change = say('Change', 'Wijzigen');
  const remove = say('Delete', 'Verwijderen');
  const method = (about: string): readonly SafeHtml[] => [
    linkButton({ href: '#', label: change, about, kind: 'secondary', compact: true }),
    linkButton({ href: '#', label: remove, about, kind: 'secondary', compact: true }),
  ];
  return [
    portal('security-info', {
      title: say('Security info', 'Beveiligingsgegevens'),
      intro: say(
        'These are the ways to prove that it is you when you sign in.',
        'Zo bewijst u bij het aanmelden dat u het bent.',
      ),
      body: html`${notice({ locale, kind: 'success', announce: true, title: say('Your phone was added', 'Uw telefoon is toegevoegd'), body: say('We have sent you a mail about it.', 'We hebben u daarover een e-mail gestuurd.') })}${card(
        {
          heading: say('Methods', 'Methoden'),
          action: linkButton({
            href: '#',
            label: say('Add method', 'Methode toevoegen'),
            icon: 'add',
            kind: 'primary',
          }),
          body: itemList([
            {
              icon: 'text-message',
              title: say('Authentication phone', 'Verificatietelefoon'),
              detail: '+31 6 12345612',
              badge: badge(say('Default', 'Standaard'), 'brand'),
              actions: method('+31 6 12345612'),
            },
            {
              icon: 'authenticator-code',
              title: say('Authenticator app', 'Authenticator-app'),
              detail: html`Pixel 9 · ${say('used', 'gebruikt')} ${timeAgo({ locale, at: seconds(-7300), now })}`,
              actions: method('Pixel 9'),
            },
            {
              icon: 'office-phone',
              title: say('Office phone', 'Bureautelefoon'),
              detail: say(
                '+31 20 5550100 extension 12. Wrong? Ask your admin.',
                '+31 20 5550100 toestel 12. Klopt het niet? Vraag uw beheerder.',
              ),
            },
          ]),
        },
      )}${card({
        heading: say('Account', 'Account'),
        body: facts([
          {
            term: say('Default sign-in method', 'Standaardaanmeldingsmethode'),
            value: say('Phone - text (+31 ·· ·· ·· 12)', 'Telefoon – sms (+31 ·· ·· ·· 12)'),
            action: linkButton({
              href: '#',
              label: change,
              about: say('default sign-in method', 'standaardaanmeldingsmethode'),
              compact: true,
            }),
          },
          { term: say('State', 'Status'), value: badge(say('Enforced', 'Afgedwongen'), 'success') },
          {
            term: say('Last sign-in', 'Laatste aanmelding'),
            value: timeAgo({ locale, at: seconds(-130), now }),
          },
        ]),
      })}`,
    }),
    portal('table', {
      title: say('Recent sign-ins', 'Recente aanmeldingen'),
      intro: say(
        'Is there one that was not you? Tell us.',
        'Staat er een bij die u niet was? Laat het ons weten.',
      ),
      body: card({
        body: html`${table({
          locale,
          caption: say('Recent sign-ins', 'Recente aanmeldingen'),
          captionHidden: true,
          columns: [
            { label: say('Application', 'Toepassing') },
            {
              label: say('When', 'Wanneer'),
              sort: { href: '?sort=when', direction: 'descending' },
            },
            { label: say('Method', 'Methode'), sort: { href: '?sort=method' } },
            { label: say('Result', 'Resultaat') },
            { label: say('Tries', 'Pogingen'), align: 'end' },
            { label: say('Actions', 'Acties'), labelHidden: true, align: 'end' },
          ],
          rows: [
            [
              'Webmail',
              timeAgo({ locale, at: seconds(-130), now }),
              say('Text message', 'Sms-bericht'),
              badge(say('Let in', 'Toegelaten'), 'success'),
              1,
              linkButton({
                href: '#',
                label: say('Look', 'Bekijken'),
                about: 'Webmail',
                compact: true,
              }),
            ],
            [
              'Intranet',
              timeAgo({ locale, at: seconds(-93_000), now }),
              say('Verification code', 'Verificatiecode'),
              badge(say('Refused', 'Geweigerd'), 'error'),
              3,
              linkButton({
                href: '#',
                label: say('Look', 'Bekijken'),
                about: 'Intranet',
                compact: true,
              }),
            ],
            [
              'VPN',
              timeAgo({ locale, at: seconds(-3_000_000), now }),
              undefined,
              badge(say('Stopped', 'Afgebroken'), 'warning'),
              12,
              linkButton({
                href: '#',
                label: say('Look', 'Bekijken'),
                about: 'VPN',
                compact: true,
              }),
            ],
          ],
        })}${pager({ locale, page: 2, total: 7, href: (page) => `?page=${page}` })}`,
      }),
    }),
    portal('empty', {
      title: say('App passwords', 'App-wachtwoorden'),
      intro: say(
        'For apps that cannot show a second step.',
        'Voor apps die geen tweede stap kunnen tonen.',
      ),
      actions: linkButton({
        href: '#',
        label: say('Add', 'Toevoegen'),
        icon: 'add',
        kind: 'primary',
      }),
      body: card({
        body: emptyState({
          icon: 'app-password',
          title: say('You have no app passwords', 'U hebt geen app-wachtwoorden'),
          body: say(
            'Make one when an app asks for your password again and again.',
            'Maak er een als een app steeds opnieuw om uw wachtwoord vraagt.',
          ),
        }),
      }),
    }),
    portal('forms', {
      title: say('Change your details', 'Uw gegevens wijzigen'),
      back: { href: '#', label: say('My Profile', 'Mijn profiel') },
      error: true,
      body: formsSample(sheet),
    }),
  ];
}

function formsSample({ locale, say }: Sheet): SafeHtml {
  const wrong = say(
    'Enter a number of up to 15 digits.',
    'Voer een nummer van hoogstens 15 cijfers in.',
  );
  const none = say('Choose at least one.', 'Kies er ten minste één.');
  return html`${errorSummary({
    locale,
    errors: [
      { field: 'phone', message: wrong },
      { field: 'allowed', message: none },
      {
        message: say(
          'The page was open too long; check what you typed.',
          'De pagina stond te lang open; controleer wat u typte.',
        ),
      },
    ],
  })}${card({
    body: form({
      action: '#',
      csrf,
      body: [
        field({
          locale,
          name: 'name',
          label: say('Name', 'Naam'),
          value: 'Anna de Vries',
          autocomplete: 'name',
        }),
        field({
          locale,
          name: 'phone',
          label: say('Phone number', 'Telefoonnummer'),
          type: 'tel',
          inputmode: 'tel',
          prefix: '+31',
          value: '6 123',
          error: wrong,
        }),
        field({
          locale,
          name: 'extension',
          label: say('Extension', 'Toestelnummer'),
          optional: true,
          width: 'short',
          inputmode: 'numeric',
        }),
        field({
          locale,
          name: 'office',
          label: say('Office phone', 'Bureautelefoon'),
          value: '+31 20 5550100',
          readonly: true,
          hint: say(
            'From the directory. Wrong? Ask your admin.',
            'Uit de adreslijst. Klopt het niet? Vraag uw beheerder.',
          ),
        }),
        field({
          locale,
          name: 'mail',
          label: say('Email address', 'E-mailadres'),
          disabledReason: say('Your organisation keeps this.', 'Uw organisatie beheert dit.'),
        }),
        field({
          locale,
          name: 'days',
          label: say('Remember for', 'Onthouden gedurende'),
          value: '30',
          suffix: say('days', 'dagen'),
          width: 'medium',
          inputmode: 'numeric',
        }),
        selectField({
          locale,
          name: 'default',
          label: say('Default sign-in method', 'Standaardaanmeldingsmethode'),
          prompt: say('Choose a method', 'Kies een methode'),
          options: [
            { value: 'text', label: say('Phone - text', 'Telefoon – sms') },
            {
              value: 'call',
              label: say('Phone - call', 'Telefoon – bellen'),
              disabledReason: say('not allowed', 'niet toegestaan'),
            },
          ],
        }),
        textArea({
          locale,
          name: 'reason',
          label: say('Reason', 'Reden'),
          hint: say(
            'Your colleagues read this in the log.',
            'Uw collega’s lezen dit in het logboek.',
          ),
          rows: 3,
        }),
        checkboxes({
          locale,
          name: 'allowed',
          legend: say('Methods', 'Methoden'),
          error: none,
          options: [
            { value: 'text', label: say('Text message to phone', 'Sms-bericht naar telefoon') },
            {
              value: 'call',
              label: say('Call to phone', 'Bellen naar telefoon'),
              hint: say('Costs about 2 cents a call.', 'Kost ongeveer 2 cent per gesprek.'),
            },
            {
              value: 'app',
              label: say('Notification', 'Melding'),
              disabledReason: say(
                'Switched off for the whole organisation.',
                'Uitgeschakeld voor de hele organisatie.',
              ),
            },
          ],
        }),
        fieldset({
          legend: say('New password', 'Nieuw wachtwoord'),
          body: [
            passwordField({
              locale,
              name: 'new',
              label: say('New password', 'Nieuw wachtwoord'),
              autocomplete: 'new-password',
              hint: say(
                'At least 8 characters. A few words in a row are best.',
                'Ten minste 8 tekens. Een paar woorden achter elkaar is het best.',
              ),
            }),
          ],
        }),
        actions(
          button({ label: say('Save', 'Opslaan'), kind: 'primary' }),
          linkButton({ href: '#', label: say('Cancel', 'Annuleren') }),
        ),
      ],
    }),
  })}`;
}

function componentsPage({ locale, now, say, seconds, portal }: Sheet): SafeHtml {
  const text = say('Send a new code', 'Nieuwe code sturen');
  const why = say('You can do this again in 20 seconds.', 'Dit kan over 20 seconden weer.');
  return portal('components', {
    title: say('Components', 'Onderdelen'),
    body: html`${card({
      heading: say('Buttons', 'Knoppen'),
      body: html`${actions(
        button({ label: text, kind: 'primary' }),
        button({ label: text }),
        button({ label: text, kind: 'danger' }),
        button({ label: text, kind: 'link' }),
      )}${actions(
        button({ label: text, kind: 'primary', icon: 'add' }),
        button({ label: text, compact: true }),
        button({ label: text, compact: true, icon: 'copy' }),
        button({ label: text, kind: 'danger', compact: true }),
      )}${actions(button({ label: text, kind: 'primary', name: 'later', disabledReason: why }))}<div class="actions"><button class="button primary" type="button" aria-busy="true"><span>${text}</span></button><button class="button secondary" type="button" aria-busy="true"><span>${text}</span></button></div>`,
    })}${card({
      heading: say('Notices', 'Berichten'),
      body: (['info', 'success', 'warning', 'error'] as const).map((kind) =>
        notice({
          locale,
          kind,
          title: say('Something to know', 'Iets om te weten'),
          body: html`<p>${say('What it means, and what to do now: ', 'Wat het betekent en wat u nu doet: ')}<a href="#">${say('read on', 'lees verder')}</a>.</p>`,
        }),
      ),
    })}${card({
      heading: say('Charts', 'Grafieken'),
      body: [columnChart, lineChart, barChart].map((draw) =>
        draw({
          locale,
          title: say('Sign-ins', 'Aanmeldingen'),
          partHeading: say('Day', 'Dag'),
          parts: ['Ma', 'Di', 'Wo', 'Do', 'Vr'].map((label) => ({ label, href: '#' })),
          series: [
            { label: say('Signed in', 'Aangemeld'), values: [90, 120, 80, 100, 60] },
            { label: say('Refused', 'Geweigerd'), values: [10, 4, 12, 0, 9], href: '#' },
            { label: say('By phone', 'Per telefoon'), values: [20, 30, 10, 15, 25] },
            { label: say('Not finished', 'Niet afgemaakt'), values: [3, 8, 2, 6, 4] },
          ],
          format: (value) => formatNumber(value, locale),
        }),
      ),
    })}${card({
      heading: say('Recovery codes', 'Herstelcodes'),
      body: sheet({
        locale,
        above: html`<p>${say('Only on paper', 'Alleen op papier')}</p>`,
        body: codeList({
          locale,
          label: say('Print these', 'Druk deze af'),
          codes: ['k7qh-2mxr', 't5bz-jc6d', 'ne4p-kf3a', '7qhw-2mxr', 't5bz-jc6e', 'a9vc-p2wd'],
          used: { codes: ['t5bz-jc6d'], label: say('used', 'gebruikt') },
        }),
        file: { name: 'codes.txt', text: 'k7qh-2mxr' },
      }),
    })}${card({
      heading: say('More', 'Meer'),
      body: html`${countdown({ locale, now, until: seconds(29) })}${details({ summary: say('What is this?', 'Wat is dit?'), open: true, body: prose(html`<p>${say('An answer.', 'Een antwoord.')}</p><ul><li>1</li><li>2</li></ul>`) })}<p>${link({ label: say('Documentation', 'Documentatie'), href: 'https://example.org/', external: locale })}</p><p>${(['neutral', 'brand', 'success', 'warning', 'error'] as const).map((tone) => html`${badge(tone, tone)} `)}</p>${radioTiles(
        {
          locale,
          name: 'sure',
          legend: say('Are you sure?', 'Weet u het zeker?'),
          look: 'plain',
          error: say('Choose yes or no.', 'Kies ja of nee.'),
          options: [
            { value: 'yes', label: say('Yes', 'Ja') },
            { value: 'no', label: say('No', 'Nee') },
          ],
        },
      )}`,
    })}`,
  }).page;
}

function iconsPage({ say, portal }: Sheet): SafeHtml {
  return portal('icons', {
    title: say('Icons', 'Pictogrammen'),
    body: card({ body: itemList(iconNames.map((name) => ({ icon: name, title: name }))) }),
  }).page;
}
