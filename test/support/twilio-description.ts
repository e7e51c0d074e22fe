/**
 * What Twilio's published description says of the operations we use (test/vectors/twilio-openapi.json),
 * what stands there in words alone, and the verbs of TwiML: names, forms and what must be there. A request
 * that does not fit is one that the real Twilio would refuse or not understand.
 */
import { faultsInFields, readDescription } from './openapi.ts';

/** The operations of the API that we use. */
const names = [
  'CreateMessage',
  'ListMessage',
  'CreateCall',
  'ListIncomingPhoneNumber',
  'FetchService',
] as const;

export type OperationName = (typeof names)[number];

const description = readDescription('twilio-openapi.json');

/** Which operation a request is; undefined where there is none. */
export function operationOf(
  method: string,
  path: string,
): { readonly name: OperationName; readonly in: Readonly<Record<string, string>> } | undefined {
  for (const name of names) {
    const operation = description.operations[name];
    if (operation?.method !== method.toLowerCase()) continue;
    const places = operation.parameters.filter((parameter) => parameter.in === 'path');
    const pattern = places.reduce(
      (text, each) =>
        text.replace(
          `{${each.name}}`,
          `(?<${each.name}>${each.schema.pattern?.slice(1, -1) ?? '[^/]+'})`,
        ),
      operation.path.replaceAll('.', String.raw`\.`),
    );
    const found = new RegExp(`^${pattern}$`).exec(path);
    if (found !== null) return { name, in: { ...found.groups } };
  }
  return undefined;
}

/** What the description says in words alone. */
interface Words {
  /** At least one of each. */
  readonly oneOf?: readonly (readonly string[])[];
  readonly patterns?: Readonly<Record<string, RegExp>>;
}

const number = /^\+[1-9]\d{6,14}$/;
const inWords: Readonly<Partial<Record<OperationName, Words>>> = {
  CreateMessage: {
    oneOf: [
      ['From', 'MessagingServiceSid'],
      ['Body', 'MediaUrl', 'ContentSid'],
    ],
    patterns: {
      To: number,
      // "Can be up to 1,600 characters in length."
      Body: /^[\s\S]{1,1600}$/,
      // "Accepted values are integers from 1 to 36000."
      ValidityPeriod: /^(?:[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36000)$/,
    },
  },
  ListMessage: { patterns: { To: number } },
  CreateCall: {
    oneOf: [['Url', 'Twiml', 'ApplicationSid']],
    patterns: {
      To: number,
      From: number,
      StatusCallbackEvent: /^(?:initiated|ringing|answered|completed)$/,
      // "A maximum length of 32 digits."
      SendDigits: /^[0-9A-D#*wW]{1,32}$/,
      // "The maximum is 600 seconds."
      Timeout: /^(?:[1-9]\d?|[1-5]\d\d|600)$/,
      MachineDetection: /^(?:Enable|DetectMessageEnd)$/,
      MachineDetectionTimeout: /^(?:[3-9]|[1-5]\d)$/,
      // "Max 4000 characters."
      Twiml: /^[\s\S]{1,4000}$/,
    },
  },
};

/** What is wrong with the parameters of a request; nothing where it fits. */
export function requestFaults(name: OperationName, given: URLSearchParams): readonly string[] {
  const operation = description.operations[name];
  if (operation === undefined) return [`no operation ${name}`];
  const { oneOf = [], patterns = {} } = inWords[name] ?? {};
  return [
    ...faultsInFields(description, operation, given),
    ...oneOf
      .filter((some) => !some.some((each) => given.has(each)))
      .map((some) => `one of ${some.join(', ')} is missing`),
    ...Object.entries(patterns).flatMap(([key, pattern]) =>
      given
        .getAll(key)
        .filter((value) => !pattern.test(value))
        .map((value) => `${key}: ${value}`),
    ),
  ];
}

/** The verbs of TwiML that we may use, with their attributes (twilio-node, `VoiceResponse`). */
export const verbs: Readonly<Record<string, readonly string[]>> = {
  Response: [],
  Gather: [
    'action',
    'actionOnEmptyResult',
    'bargeIn',
    'debug',
    'enhanced',
    'finishOnKey',
    'hints',
    'input',
    'language',
    'maxSpeechTime',
    'method',
    'numDigits',
    'partialResultCallback',
    'partialResultCallbackMethod',
    'profanityFilter',
    'speechModel',
    'speechTimeout',
    'timeout',
  ],
  Say: ['language', 'loop', 'voice'],
  Play: ['digits', 'loop'],
  Pause: ['length'],
  Hangup: [],
  Redirect: ['method'],
};
