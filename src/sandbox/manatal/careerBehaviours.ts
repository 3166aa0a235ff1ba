import { behaviour } from './behaviour.ts';
import type { CoveredBehaviour } from './coverage.ts';

/** The career page and its application form. */
export const CAREER_BEHAVIOURS: readonly CoveredBehaviour[] = [
  behaviour(
    '11, 17.19',
    '[S]',
    'No key is asked for; only published active jobs are there [I].',
    'the career page shows what is published and active, without a key',
  ),
  behaviour(
    '11, 15.12',
    '[S]',
    'The slug is lower case and case-sensitive; an unknown one is 404 with a model’s name.',
    'a slug that nobody has is 404 with the name of their model, and case matters',
  ),
  behaviour(
    '11.1, 16.20',
    '[S]',
    'A row has `currency_code`, no dates, period, status or organization.',
    'a row of the career page has no dates, no period, no status and no organization',
  ),
  behaviour(
    '11.1',
    '[S1]',
    'Search and city narrow the list; `ordering=id` has no effect.',
    'the list of the career page is narrowed and ordered by some columns only',
  ),
  behaviour(
    '11.2',
    '[S1]',
    'The order of questions changes; options are strings or objects [U→choice].',
    'the questions of a form come in any order, and their options in two shapes',
  ),
  behaviour(
    '11.2, 17.19',
    '[D]',
    'A form makes a candidate and a match without creator; the reply has no ids [S1].',
    'a form that was sent makes a candidate and a match without creator, and names neither',
  ),
  behaviour(
    '12',
    '[I]',
    'The same form sent twice makes two candidates.',
    'the same form sent twice makes two candidates',
  ),
  behaviour(
    '11.2',
    '[S1]',
    'Wrong answers are 400 with `application_data` messages, all at once.',
    'wrong answers are refused, each with a message that names its field',
  ),
  behaviour(
    '4',
    '[S1]',
    'Fast calls are cut off after some 1,200; 2 a second always pass.',
    'whoever calls the career page fast for long is cut off, unless switched',
  ),
];
