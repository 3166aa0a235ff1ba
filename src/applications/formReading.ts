import { plainEmail, plainLine } from '#src/accounts/credentials.ts';
import { readPhone } from '#src/students/phone.ts';
import { characterCount, plainText, type StudentProfile } from '#src/students/profile.ts';
import type { Question } from '#src/sync/connector.ts';
import { type FormAnswer, fieldOf, isResume, shownOf, type TypedAnswers } from './employerForm.ts';

export type FormRead =
  | { ok: true; answers: FormAnswer[] }
  | { ok: false; errors: Record<string, string> };

/**
 * What a student answered, in the form in which it is sent; or a sentence at each question that an
 * answer does not fit. Empty answers are left out. reference/manatal.md 11.2
 */
export function readForm(
  questions: readonly Question[],
  typed: TypedAnswers,
  { territory, resumeId }: Pick<StudentProfile, 'territory'> & { resumeId: string | null },
): FormRead {
  const answers: FormAnswer[] = [];
  const errors: Record<string, string> = {};
  for (const question of shownOf(questions)) {
    const { id, slug, label } = question;
    if (isResume(question)) {
      if (resumeId) answers.push({ id, slug, label, file: 'resume' });
      else if (question.required) errors.resume = RESUME_WORDS;
      continue;
    }
    const texts = (typed[id] ?? []).map(plainText).filter((text) => text !== '');
    if (texts.length === 0) {
      if (question.required) errors[fieldOf(question)] = emptyWords(question);
      continue;
    }
    const read = READ[question.kind]({ question, texts, territory });
    if ('words' in read) errors[fieldOf(question)] = read.words;
    else answers.push({ id, slug, label, value: read.value });
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, answers };
}

const RESUME_WORDS = 'Choose a resume, or add one from your phone or computer.';

function emptyWords({ kind, label }: Question): string {
  const isChoice = kind === 'one' || kind === 'several';
  return isChoice ? `Choose an answer: ${label}` : `Write an answer: ${label}`;
}

interface Given {
  question: Question;
  /** At least one, none empty. */
  texts: string[];
  territory: StudentProfile['territory'];
}
type Read = { value: NonNullable<FormAnswer['value']> } | { words: string };

const LINE_LENGTH_MAX = 255;
const TEXT_LENGTH_MAX = 4_000;
/** Manatal takes fewer than eleven figures. */
const NUMBER_LESS_THAN = 10_000_000_000;

const READ: Record<Question['kind'], (given: Given) => Read> = {
  line: ({ texts }) => bounded(plainLine(texts[0]!), LINE_LENGTH_MAX),
  text: ({ texts }) => bounded(texts[0]!, TEXT_LENGTH_MAX),
  file: () => ({ words: 'A file cannot be added here.' }),

  email({ texts }) {
    const email = plainEmail(texts[0]!);
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return bounded(email, LINE_LENGTH_MAX);
    return { words: 'Write an e-mail address like maria@example.com.' };
  },

  phone({ texts, territory }) {
    const phone = readPhone(texts[0]!, territory);
    if (phone.ok && phone.value) return { value: phone.value };
    return { words: 'Write a phone number with its country code, like +1 671 555 0123.' };
  },

  url({ texts }) {
    const text = plainLine(texts[0]!);
    const url = URL.parse(/^[a-z]+:/i.test(text) ? text : `https://${text}`);
    const isPlain = url && /^https?:$/.test(url.protocol) && url.hostname.includes('.');
    return isPlain ? { value: url.href } : { words: 'Write an address like https://example.com.' };
  },

  date({ texts }) {
    const text = texts[0]!;
    const day = new Date(`${text}T00:00:00Z`);
    const isReal =
      /^\d{4}-\d\d-\d\d$/.test(text) &&
      !Number.isNaN(day.getTime()) &&
      day.toISOString().startsWith(text);
    return isReal ? { value: text } : { words: 'Write a date like 2027-05-31: year, month, day.' };
  },

  number({ texts }) {
    const text = texts[0]!.replaceAll(/[\s,]/g, '');
    const number = Number(text);
    const fits = /^-?\d+(\.\d+)?$/.test(text) && Math.abs(number) < NUMBER_LESS_THAN;
    return fits
      ? { value: number }
      : { words: 'Write a number of at most 10 figures, like 12.50.' };
  },

  one({ question, texts }) {
    const value = optionOf(question, texts[0]!);
    return value === null ? { words: CHOOSE } : { value };
  },

  several({ question, texts }) {
    const values = texts.map((text) => optionOf(question, text));
    const known = values.filter((value) => value !== null);
    return known.length < values.length ? { words: CHOOSE } : { value: [...new Set(known)] };
  },
};

const CHOOSE = 'Choose one of the list: it has changed meanwhile.';

/** The value that is sent for a choice: a page gives it back as text. */
const optionOf = ({ options }: Question, text: string): string | number | null =>
  options.find(({ value }) => String(value) === text)?.value ?? null;

function bounded(text: string, lengthMax: number): Read {
  const length = characterCount(text);
  if (length <= lengthMax) return { value: text };
  return { words: `Write at most ${lengthMax} characters. These are ${length}.` };
}
