import type { Fields } from './siteRows.ts';

/**
 * What the service answers instead of doing something. Thrown, so that a check deep inside a value
 * ends the whole write; the guard and the inspector catch it.
 */
export class Refused extends Error {
  readonly status: number;
  /** Null is an empty body. */
  readonly body: Fields | null;

  constructor(status: number, body: Fields | null) {
    super(body ? String(body.message) : `status ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** A rule of the business, with its code. (c) 2.3 */
export function refuse(
  status: number,
  code: string,
  description: string,
  data: Fields = {},
): Refused {
  const details = { applicationError: { code, description, data } };
  return new Refused(status, { message: description, details });
}

export interface Violation {
  field: string;
  description: string;
  violatedRule: 'FORMAT' | 'MAX_LENGTH' | 'OTHER' | 'OUT_OF_RANGE';
  data?: Fields;
}

/** A value that does not fit its field. (c) 2.3 */
export function violation(...fieldViolations: Violation[]): Refused {
  const [first] = fieldViolations;
  const message = `${first?.field.split('.')[0]} is invalid`;
  return new Refused(400, { message, details: { validationError: { fieldViolations } } });
}

/** A refusal with a sentence only. (v) 2.3 */
export function sparse(status: number, message: string): Refused {
  return new Refused(status, { message, details: {} });
}

export const notFound = (what: string): Refused => refuse(404, 'NOT_FOUND', `${what} not found`);
