import { optionsOf } from './formQuestions.ts';
import { isRealDate } from './instants.ts';
import type { QuestionRow } from './rows.ts';

/** What a form was sent with: by slug, and the refusals in the service's words. */
export interface ReadAnswers {
  values: Record<string, unknown>;
  messages: string[];
}

/**
 * Checks the answers of an application form. Strict where nobody knows: empty answers are to be left
 * out, and a number is a number, not a text. Answers to questions that are not asked are ignored.
 * Source: reference/manatal.md 11.2 [S1]
 */
export function readAnswers(
  questions: readonly QuestionRow[],
  given: Readonly<Record<string, unknown>>,
): ReadAnswers {
  const read: ReadAnswers = { values: {}, messages: [] };
  for (const question of questions) {
    const answer = given[String(question.id)];
    if (answer === undefined) {
      if (question.is_required) read.messages.push(`Field ${question.label} is required.`);
      continue;
    }
    const problem = problemOf(question, answer);
    if (problem) read.messages.push(`Field ${question.label} ${problem}`);
    else read.values[question.slug] = answer;
  }
  return read;
}

/** A number of more figures is refused. [S1] */
const NUMBER_LESS_THAN = 10_000_000_000;

function problemOf(question: QuestionRow, answer: unknown): string | null {
  if (answer === null || answer === '') return 'may not be blank.';
  const options = optionsOf(question)?.map(({ value }) => value);
  if (options && question.display_type === 'multiselect') {
    const fits = Array.isArray(answer) && answer.length > 0;
    if (!fits) return 'must be a list of choices.';
    return answer.every((one) => options.includes(one)) ? null : 'has an unknown choice.';
  }
  if (options) return options.includes(answer as string) ? null : 'has an unknown choice.';
  if (question.type === 'number') {
    const fits = typeof answer === 'number' && Math.abs(answer) < NUMBER_LESS_THAN;
    return fits ? null : 'must be a number of less than 11 digits.';
  }
  if (typeof answer !== 'string') return 'must be a string.';
  return isWellFormed(question, answer) ? null : `must be a valid ${question.type}.`;
}

function isWellFormed({ type, display_type }: QuestionRow, answer: string): boolean {
  // A file is a public address; it is fetched later.
  const kind = display_type === 'file' || type === 'file' ? 'url' : type;
  switch (kind) {
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(answer);
    case 'phone':
      return /\d{5}/.test(answer.replaceAll(/[\s().-]/g, ''));
    case 'url':
      return /^https?:\/\//i.test(answer) && URL.canParse(answer);
    case 'date':
      return isRealDate(answer);
    default:
      return true;
  }
}
