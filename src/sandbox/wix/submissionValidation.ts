import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { type Refused, violation } from './refusals.ts';
import type { FormFieldRow, FormRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { isEmail, isObject, valueAt } from './values.ts';

interface Complaint {
  errorPath: string;
  errorType: string;
  errorMessage: string;
  params: Fields;
}

/**
 * What is wrong with the values of a submission, field by field; null when nothing is.
 * Source: reference/wix.md 4.4
 */
export function submissionRefusal(form: FormRow, values: unknown): Refused | null {
  const given = isObject(values) ? values : {};
  const inputs = form.formFields.filter(({ fieldType }) => fieldType === 'INPUT');
  const errors = form.enabled ? inputs.flatMap((field) => problemOf(field, given)) : [disabled];
  const targets = new Set(inputs.map(({ inputOptions }) => inputOptions?.target));
  for (const name of Object.keys(given)) {
    if (!targets.has(name)) errors.push(complaint(name, 'UNKNOWN_VALUE_ERROR', 'is not a field'));
  }
  if (errors.length === 0) return null;
  return violation({
    field: 'submission.submissions',
    description: 'the submission does not fit its form',
    violatedRule: 'OTHER',
    data: { code: 'SUBMISSION_VALIDATION', errors },
  });
}

const complaint = (
  errorPath: string,
  errorType: string,
  errorMessage: string,
  params: Fields = {},
): Complaint => ({ errorPath, errorType, errorMessage, params });

const disabled = complaint('', 'DISABLED_FORM_ERROR', 'the form takes no submissions');

const TYPES: Record<string, (value: unknown) => boolean> = {
  STRING: (value) => typeof value === 'string',
  NUMBER: (value) => typeof value === 'number',
  BOOLEAN: (value) => typeof value === 'boolean',
  ARRAY: Array.isArray,
};

function problemOf({ inputOptions }: FormFieldRow, given: Fields): Complaint[] {
  if (!inputOptions) return [];
  const { target, required, inputType } = inputOptions;
  const value = given[target];
  const isEmpty = value === undefined || value === null || value === '' || value === false;
  if (isEmpty || (Array.isArray(value) && value.length === 0)) {
    return required ? [complaint(target, 'REQUIRED_VALUE_ERROR', 'is required')] : [];
  }
  if (!TYPES[inputType]?.(value)) {
    return [complaint(target, 'TYPE_ERROR', `must be ${inputType}`, { expected: inputType })];
  }
  const rules = valueAt(inputOptions, 'stringOptions.validation');
  const itemRules = valueAt(inputOptions, 'arrayOptions.validation.items.stringOptions');
  if (isObject(rules)) return stringProblem(target, String(value), rules);
  if (!isObject(itemRules) || !Array.isArray(value)) return [];
  return value.flatMap((one) => stringProblem(target, String(one), itemRules));
}

function stringProblem(target: string, value: string, rules: Fields): Complaint[] {
  const { format, maxLength } = rules;
  const choices = Array.isArray(rules.enum) ? rules.enum : [];
  if (choices.length > 0 && !choices.includes(value)) {
    return [complaint(target, 'NOT_ALLOWED_VALUE_ERROR', 'is not one of the choices')];
  }
  if (typeof maxLength === 'number' && value.length > maxLength) {
    return [complaint(target, 'MAX_LENGTH_ERROR', `is over ${maxLength}`, { limit: maxLength })];
  }
  const fitsEmail = format !== 'EMAIL' || isEmail(value);
  // Phones are kept in E.164. (c) 4.2
  const isPhone = format !== 'PHONE' || parsePhoneNumberFromString(value)?.number === value;
  if (fitsEmail && isPhone) return [];
  return [complaint(target, 'FORMAT_ERROR', `must be a valid ${format}`, { format })];
}
