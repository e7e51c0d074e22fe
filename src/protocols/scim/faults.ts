/** Owns how the door of SCIM says no (RFC 7644 §3.12). Nothing that was sent is said back but names of attributes. */
import { refusals, type Refusal } from '../graph/faults.ts';

/** The words of the standard for what is wrong with a request. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

/** What is answered in place of what was asked for. */
export interface ScimFault {
  readonly fault: number;
  readonly scimType?: ScimType;
  /** For whoever looks after the directory: English, exact, nothing secret. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something is wrong with what was sent; 409 where somebody else has it. */
export function wrong(scimType: ScimType, detail: string): ScimFault {
  return { fault: scimType === 'uniqueness' ? 409 : 400, scimType, detail };
}

export function notFound(what: string): ScimFault {
  return { fault: 404, detail: `There is no resource '${what.slice(0, 100)}'.` };
}

/** What the API says, told as SCIM tells it. */
export function faultFrom({ refused, message, headers = {} }: Refusal): ScimFault {
  return { fault: refusals[refused], detail: message, headers };
}

/** The body that tells it. */
export function faultBody({ fault, scimType, detail }: ScimFault): unknown {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(fault),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  };
}
