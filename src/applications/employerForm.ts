import type { Category } from '#src/privacy/agreement.ts';
import type { Question } from '#src/sync/connector.ts';

/** One answer as it is stored and sent. The resume goes as a file, which is given its address then. */
export interface FormAnswer {
  id: string;
  slug: string;
  /** As it was asked, for whoever reads it later. */
  label: string;
  value?: string | number | (string | number)[];
  file?: 'resume';
}

/** What was typed, by the id of the question: as many texts as were chosen or written. */
export type TypedAnswers = Readonly<Record<string, readonly string[]>>;

/** The name of a question's field in the page. */
export const fieldOf = ({ id }: Pick<Question, 'id'>) => `answer-${id}`;

export const asksResume = (questions: readonly Question[]) => questions.find(isResume);
export const isResume = ({ kind, slug }: Question) => kind === 'file' && slug === 'resume';

/** Can a page of ours take an answer? Files other than the resume, and choices without choices, not. */
const isAnswerable = (question: Question) => {
  if (question.kind === 'file') return isResume(question);
  const isChoice = question.kind === 'one' || question.kind === 'several';
  return !isChoice || question.options.length > 0;
};

/** The questions a page shows; those it cannot ask, and need not, are left out. */
export const shownOf = (questions: readonly Question[]) => questions.filter(isAnswerable);

/** Without answers to these nothing can be sent from here. */
export const barriersOf = (questions: readonly Question[]) =>
  questions.filter((question) => question.required && !isAnswerable(question));

/** What the profile knows already, by the employer's names for it. */
export function filledFrom(
  questions: readonly Question[],
  known: { name: string; email: string; phone: string; address: string },
): TypedAnswers {
  const bySlug: Record<string, string> = {
    full_name: known.name,
    email: known.email,
    phone_number: known.phone,
    address: known.address,
  };
  return Object.fromEntries(
    questions.flatMap(({ id, slug }) =>
      Object.hasOwn(bySlug, slug) && bySlug[slug] ? [[id, [bySlug[slug]]]] : [],
    ),
  );
}

const CATEGORY_OF: Readonly<Record<string, Category>> = {
  full_name: 'name',
  email: 'email',
  phone_number: 'phone',
  address: 'address',
};

/** Which kind of data an answer is, in the words of an agreement. [P1] */
export const categoryOf = ({ slug, file }: Pick<FormAnswer, 'slug' | 'file'>): Category =>
  file ? 'resume' : Object.hasOwn(CATEGORY_OF, slug) ? CATEGORY_OF[slug]! : 'answers';

/** The kinds of data that these answers give away, each once. */
export const categoriesOf = (answers: readonly FormAnswer[]): Category[] => [
  ...new Set(answers.map(categoryOf)),
];
