/**
 * What Twilio's published description (https://github.com/twilio/twilio-oai, twilio_api_v2010.json) says
 * of the operations we use, and its schema of TwiML of the verbs: names, forms and what must be there.
 * A request that does not fit is one that the real Twilio would refuse or not understand.
 */

interface Parameter {
  readonly type: 'string' | 'uri' | 'phone-number' | 'integer' | 'boolean' | 'method';
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  /** May be there several times. */
  readonly isList?: true;
}

type Operation = Readonly<{
  required: readonly string[];
  /** At least one of each. */
  oneOf: readonly (readonly string[])[];
  parameters: Readonly<Record<string, Parameter>>;
}>;

const sid = (letters: string): Parameter => ({
  type: 'string',
  pattern: new RegExp(`^${letters}[0-9a-fA-F]{32}$`),
});
const text: Parameter = { type: 'string' };
const uri: Parameter = { type: 'uri' };
const flag: Parameter = { type: 'boolean' };
const whole: Parameter = { type: 'integer' };
const method: Parameter = { type: 'method' };
const paging = {
  PageSize: { type: 'integer', minimum: 1, maximum: 1000 },
  Page: { type: 'integer', minimum: 0 },
  PageToken: text,
} as const satisfies Record<string, Parameter>;

export const operations = {
  CreateMessage: {
    required: ['To'],
    oneOf: [
      ['From', 'MessagingServiceSid'],
      ['Body', 'MediaUrl', 'ContentSid'],
    ],
    parameters: {
      To: { type: 'phone-number' },
      StatusCallback: uri,
      ApplicationSid: sid('AP'),
      ProvideFeedback: flag,
      Attempt: whole,
      ValidityPeriod: { type: 'integer', minimum: 1, maximum: 36_000 },
      ForceDelivery: flag,
      ContentRetention: { type: 'string', enum: ['retain', 'discard'] },
      AddressRetention: { type: 'string', enum: ['retain', 'obfuscate'] },
      SmartEncoded: flag,
      ShortenUrls: flag,
      SendAsMms: flag,
      RiskCheck: { type: 'string', enum: ['enable', 'disable'] },
      From: text,
      MessagingServiceSid: sid('MG'),
      // "Can be up to 1,600 characters in length."
      Body: { type: 'string', pattern: /^[\s\S]{1,1600}$/ },
      MediaUrl: uri,
      ContentSid: sid('HX'),
    },
  },
  ListMessage: {
    required: [],
    oneOf: [],
    parameters: { To: { type: 'phone-number' }, From: text, DateSent: text, ...paging },
  },
  CreateCall: {
    required: ['To', 'From'],
    oneOf: [['Url', 'Twiml', 'ApplicationSid']],
    parameters: {
      To: { type: 'phone-number' },
      From: { type: 'phone-number' },
      Method: method,
      FallbackUrl: uri,
      FallbackMethod: method,
      StatusCallback: uri,
      StatusCallbackEvent: {
        type: 'string',
        enum: ['initiated', 'ringing', 'answered', 'completed'],
        isList: true,
      },
      StatusCallbackMethod: method,
      SendDigits: { type: 'string', pattern: /^[0-9A-D#*wW]{1,32}$/ },
      Timeout: { type: 'integer', minimum: 1, maximum: 600 },
      Record: flag,
      MachineDetection: { type: 'string', enum: ['Enable', 'DetectMessageEnd'] },
      MachineDetectionTimeout: { type: 'integer', minimum: 3, maximum: 59 },
      AsyncAmd: flag,
      AsyncAmdStatusCallback: uri,
      CallerId: text,
      TimeLimit: whole,
      Url: uri,
      // "Max 4000 characters."
      Twiml: { type: 'string', pattern: /^[\s\S]{1,4000}$/ },
      ApplicationSid: sid('AP'),
    },
  },
  ListIncomingPhoneNumber: {
    required: [],
    oneOf: [],
    parameters: {
      Beta: flag,
      FriendlyName: text,
      PhoneNumber: { type: 'phone-number' },
      Origin: text,
      ...paging,
    },
  },
  FetchService: { required: [], oneOf: [], parameters: {} },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof operations;

/** What is wrong with the parameters of a request; nothing where it fits. */
export function requestFaults(name: OperationName, given: URLSearchParams): readonly string[] {
  const { required, oneOf, parameters }: Operation = operations[name];
  return [
    ...required.filter((each) => !given.has(each)).map((each) => `${each} is missing`),
    ...oneOf
      .filter((some) => !some.some((each) => given.has(each)))
      .map((some) => `one of ${some.join(', ')} is missing`),
    ...[...new Set(given.keys())].flatMap((key) => {
      const parameter = parameters[key];
      if (parameter === undefined) return [`${key} is unknown`];
      const values = given.getAll(key);
      const isTooMany = values.length > 1 && parameter.isList !== true;
      return [
        ...(isTooMany ? [`${key} is there ${values.length} times`] : []),
        ...values.filter((value) => !fits(parameter, value)).map((value) => `${key}: ${value}`),
      ];
    }),
  ];
}

function fits(
  { type, pattern, minimum, maximum, enum: choices }: Parameter,
  value: string,
): boolean {
  if (pattern !== undefined && !pattern.test(value)) return false;
  if (choices !== undefined && !choices.includes(value)) return false;
  switch (type) {
    case 'string':
      return true;
    case 'uri':
      // "URL must contain a valid hostname and underscores are not allowed."
      return URL.canParse(value) && !new URL(value).hostname.includes('_');
    case 'phone-number':
      return /^\+[1-9]\d{6,14}$/.test(value);
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'method':
      return value === 'GET' || value === 'POST';
    case 'integer':
      return (
        /^\d+$/.test(value) &&
        Number(value) >= (minimum ?? 0) &&
        Number(value) <= (maximum ?? Number.MAX_SAFE_INTEGER)
      );
  }
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
