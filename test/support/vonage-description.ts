/**
 * What Vonage's published descriptions (test/vectors/vonage-openapi.json) say of the requests we make,
 * and what stands there in words alone. A request that does not fit is one that the real Vonage would
 * refuse or not understand.
 */
import { faultsIn, faultsInFields, readDescription, type Description } from './openapi.ts';

const published = readDescription('vonage-openapi.json');

/**
 * Since that description a text may say where its reports go, as Vonage's own client knows
 * (package @vonage/messages 1.24.0, `MessageParams`).
 */
const description: Description = {
  ...published,
  schemas: {
    ...published.schemas,
    baseMessageType: {
      ...published.schemas['baseMessageType'],
      properties: {
        ...published.schemas['baseMessageType']?.properties,
        webhook_url: { type: 'string', format: 'uri' },
        webhook_version: { type: 'string', enum: ['v0.1', 'v1'] },
      },
    },
  },
};

const inWords: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  SendMessage: {
    // "Don't use a leading + or 00"; "limited to 1000 characters"; "up to 100 characters".
    to: /^[1-9]\d{6,14}$/,
    from: /^(?:[1-9]\d{3,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11})$/,
    text: /^[\s\S]{1,1000}$/,
    client_ref: /^.{1,100}$/,
  },
};

/** What is wrong with the body or the query of a request; nothing where it fits. */
export function requestFaults(
  name: 'SendMessage' | 'createCall' | 'getCalls',
  given: Readonly<Record<string, unknown>> | URLSearchParams,
): readonly string[] {
  const operation = description.operations[name];
  if (operation === undefined) return [`no operation ${name}`];
  if (given instanceof URLSearchParams) return faultsInFields(description, operation, given);
  if (operation.body === undefined) return [`${name} takes no body`];
  return [
    ...faultsIn(description, operation.body.schema, given),
    ...Object.entries(inWords[name] ?? {})
      .filter(([key, pattern]) => key in given && !pattern.test(String(given[key])))
      .map(([key]) => `${key}: ${String(given[key])}`),
    ...(name === 'createCall' ? callFaults(given) : []),
  ];
}

/** "The type of connection. Must be phone." */
function callFaults(given: Readonly<Record<string, unknown>>): readonly string[] {
  return [given['to'], given['from']].flat().flatMap((endpoint) => {
    const type: unknown =
      typeof endpoint === 'object' && endpoint !== null ? Reflect.get(endpoint, 'type') : undefined;
    return type === 'phone' ? [] : ['an endpoint is no phone'];
  });
}
