/** Owns how the question "what if" is asked, and how its answer is told. */
import type { User } from '../../../accounts/user.ts';
import type { SupposedReason, SupposedStep, WhatIf } from '../../../administration/what-if.ts';
import { formatDateTime, formatList } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Option } from '../../../registrations/options.ts';
import type { TrustedDevice } from '../../../sessions/trusted-device.ts';
import { actions, button, link } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge } from '../../../ui/components/list.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { applicationsPath } from '../applications/path.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { groupPath, methodPath } from '../settings/path.ts';
import { wordsIn as settingsWordsIn } from '../settings/words.ts';
import { wordFor } from '../words.ts';
import { whatIfPath } from './path.ts';
import { wordsIn } from './words.ts';

/** As it stands in the address. */
export interface AskedWhatIf {
  readonly person: string;
  readonly application: string;
  readonly address: string;
  readonly device: string;
}

/** Something that people sign in to. */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly required: string;
}

export interface WhatIfView extends Admin {
  readonly asked: AskedWhatIf;
  readonly targets: readonly Target[];
  readonly ownAddress: string;
  /** Whom it is about, once somebody is found, and their trusted devices. */
  readonly user: User | undefined;
  readonly devices: readonly { readonly device: TrustedDevice; readonly name: string }[];
  readonly fault: 'missing' | 'nobody' | 'no-address' | undefined;
  readonly answer: WhatIf | undefined;
  /** What the requirement of an application is called. */
  readonly requiredWord: (required: string) => string;
}

/** The question, and under it the answer. */
export function whatIfPage(view: WhatIfView): SafeHtml {
  const { frame, fault, answer, user } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const message =
    fault === undefined
      ? undefined
      : { missing: words.missing, nobody: words.nobody, 'no-address': words.noAddress }[fault];
  return adminPage(view, 'whatIf', {
    title: words.title,
    intro: words.intro,
    error: fault !== undefined,
    body: html`${errorSummary({
      locale,
      errors:
        message === undefined
          ? []
          : [{ field: fault === 'no-address' ? 'address' : 'person', message }],
    })}${questionCard(view, message)}${
      answer === undefined || user === undefined ? undefined : answerCards(view, user, answer)
    }`,
  });
}

function questionCard(view: WhatIfView, message: string | undefined): SafeHtml {
  const { frame, asked, targets, devices, fault, ownAddress } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  return card({
    body: form({
      action: whatIfPath,
      csrf: undefined,
      method: 'get',
      body: html`${field({
        locale,
        name: 'person',
        label: words.person,
        hint: words.personHint,
        value: asked.person,
        inputmode: 'email',
        autocomplete: 'off',
        maxlength: 320,
        error: fault === 'no-address' ? undefined : message,
      })}${selectField({
        locale,
        name: 'application',
        label: words.application,
        value: asked.application,
        mayBeEmpty: true,
        width: 'medium',
        options: [
          { value: '', label: words.myProfile },
          ...targets.map(({ id, name }) => ({ value: id, label: name })),
        ],
      })}${field({
        locale,
        name: 'address',
        label: words.address,
        hint: words.addressHint(ownAddress),
        value: asked.address,
        autocomplete: 'off',
        width: 'medium',
        maxlength: 60,
        error: fault === 'no-address' ? message : undefined,
      })}${
        devices.length === 0
          ? undefined
          : selectField({
              locale,
              name: 'device',
              label: words.device,
              value: asked.device,
              mayBeEmpty: true,
              width: 'medium',
              options: [
                { value: '', label: words.unknownDevice },
                ...devices.map(({ device, name }) => ({ value: device.id, label: name })),
              ],
            })
      }${actions(button({ label: words.ask, kind: 'primary' }))}`,
    }),
  });
}

function answerCards(view: WhatIfView, user: User, answer: WhatIf): SafeHtml {
  const { locale } = view.frame;
  const words = wordsIn(locale);
  const names = settingsWordsIn(locale).methods;
  const told = answer.steps.flatMap((each) => stepWords(view, each));
  const alone =
    answer.alone.length === 0
      ? []
      : [
          words.steps.alone(
            formatList(
              answer.alone.map(({ id }) => wordFor(names, id, id)),
              locale,
            ),
          ),
        ];
  return html`${card({
    heading: words.result(user.displayName),
    body: prose(
      html`<ol>${told.map((each) => html`<li>${each}</li>`)}</ol>${alone.map(
        (each) => html`<p>${each}</p>`,
      )}`,
    ),
  })}${card({
    heading: words.why,
    body: prose(
      html`<ul>${answer.reasons.map((reason) => html`<li>${reasonWords(view, user, reason)}</li>`)}</ul>`,
    ),
  })}${card({
    heading: words.methods,
    body: table({
      locale,
      caption: words.methods,
      captionHidden: true,
      columns: [
        { label: words.columns.method },
        { label: words.columns.allowed },
        { label: words.columns.registered },
      ],
      rows: answer.methods.map(({ method, standing, isRegistered }) => [
        link({ label: wordFor(names, method.id, method.id), href: methodPath(method.id) }),
        badge(words.standings[standing], standing === 'allowed' ? 'success' : 'neutral'),
        isRegistered ? words.yes : words.no,
      ]),
    }),
  })}`;
}

/** A step in words; one that only goes on to the next says nothing. */
function stepWords(
  { frame }: WhatIfView,
  { step, option, others }: SupposedStep,
): readonly string[] {
  const { locale } = frame;
  const { steps: words } = wordsIn(locale);
  const labelOf = ({ method, registration }: Option): string =>
    method.views.label(registration.secret, locale);
  const also = others.length === 0 ? [] : [words.others(formatList(others.map(labelOf), locale))];
  switch (step.kind) {
    case 'password-typed':
    case 'register':
    case 'finish':
      return [words[step.kind]];
    case 'start':
      return [
        [option === undefined ? words.choose : words.start(labelOf(option)), ...also].join(' '),
      ];
    case 'choose':
      return [[words.choose, ...also].join(' ')];
    case 'blocked':
      return [words.blocked[step.reason]];
    case 'paused':
      return [words.paused(formatDateTime(step.until, locale))];
    case 'change-password':
      return [words.change];
    case 'prepare-reset':
      return [step.what === 'register' ? words.prepareRegister : words.prepareConfirm];
    case 'add-method':
      if (step.reason === 'strength') return [words.missing];
      return [step.maySnooze ? words.campaign : words.campaignRequired];
    case 'stay-signed-in':
      return [words.stay];
    case 'passkey':
      return [words.passkey];
    default:
      return [words.other];
  }
}

function reasonWords(
  { frame, requiredWord }: WhatIfView,
  user: User,
  reason: SupposedReason,
): SafeHtml {
  const { reasons, see } = wordsIn(frame.locale);
  switch (reason.kind) {
    case 'state':
      return html`${reasons.state[reason.state]} ${link({ label: see.state, href: personPath(user.id) })}`;
    case 'application':
      return html`${reasons.application(requiredWord(reason.required))} ${link({
        label: see.applications,
        href: applicationsPath,
      })}`;
    case 'trusted-ip':
      return html`${reasons.trustedIp(reason.range)} ${link({
        label: see.trustedIps,
        href: groupPath('service'),
      })}`;
    case 'trusted-device':
      return html`${reasons.trustedDevice} ${link({ label: see.devices, href: personPath(user.id) })}`;
    case 'password-suspect':
      return html`${reasons.suspect}`;
  }
}
