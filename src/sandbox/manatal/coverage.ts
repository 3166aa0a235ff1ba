import { RECORD_NAMES } from './records.ts';
import type { Mark } from './switches.ts';

/** A route of the simulator, how sure the reference is of it, and the test that shows it. */
export interface CoveredRoute {
  service: 'Open API' | 'Manahook' | 'storage';
  /** `{record}` stands for each of the five records. */
  path: string;
  methods: string;
  mark: Mark;
  test: string;
}

/** A behaviour, how sure the reference is of it, and the test that shows it. */
export interface CoveredBehaviour {
  /** Section of reference/manatal.md. */
  section: string;
  rule: string;
  mark: Mark;
  test: string;
}

const TESTS = {
  writes: 'a create answers 201, a change 200 with only the sent keys changed, a delete 204',
  notes: 'notes are written, read, changed and deleted on all five records',
  attachments:
    'an attachment is fetched later too, and a changed one only then replaces the old file',
  noPut: 'PUT is not allowed anywhere, nor POST on activities',
  below: 'matches are listed below their job and their candidate',
  studies: 'educations and experiences are kept and changed',
  social: 'social links are a list of their own, not part of the candidate',
  tags: 'tags are removed by the id of their link, and skills can come in bulk',
  nations: 'nationalities are given by the name of the country',
  given: 'a resume can be deleted and given again; what is no address is refused',
  catalogues: 'catalogues and users are read-only; users who left vanish while their ids stay',
  stages: 'the stages of a pipeline do not come in the order of their rank',
  subscriptions: 'subscriptions are listed, made and removed',
  careerJobs: 'the career page shows what is published and active, without a key',
  careerForm:
    'a form that was sent makes a candidate and a match without creator, and names neither',
  links: 'a signed link changes on each read and dies after an hour',
};

const open = (
  path: string,
  methods: string,
  mark: Mark,
  test: keyof typeof TESTS,
): CoveredRoute => ({
  service: 'Open API',
  path,
  methods,
  mark,
  test: TESTS[test],
});

/** Every route; a test compares this list with what the simulator really serves. */
export const ROUTES: readonly CoveredRoute[] = [
  open('/{record}/', 'GET POST', '[D]', 'writes'),
  open('/{record}/{id}/', 'GET PATCH DELETE', '[D]', 'writes'),
  open('/{record}/{id}/notes/', 'GET POST', '[D]', 'notes'),
  open('/{record}/{id}/notes/{child}/', 'GET PATCH DELETE', '[D]', 'notes'),
  open('/{record}/{id}/attachments/', 'GET POST', '[D]', 'attachments'),
  open('/{record}/{id}/attachments/{child}/', 'GET PATCH DELETE', '[D]', 'attachments'),
  open('/{record}/{id}/activities/', 'GET', '[D]', 'noPut'),
  open('/{record}/{id}/activities/{child}/', 'GET', '[D]', 'notes'),
  open('/jobs/{id}/matches/', 'GET', '[D]', 'below'),
  open('/jobs/{id}/matches/{match}/', 'GET', '[D]', 'below'),
  open('/candidates/{id}/matches/', 'GET', '[D]', 'below'),
  open('/candidates/{id}/matches/{match}/', 'GET', '[D]', 'below'),
  open('/candidates/{id}/resume/', 'GET POST', '[D]', 'given'),
  open('/candidates/{id}/resume/{child}/', 'DELETE', '[D]', 'given'),
  open('/candidates/{id}/educations/', 'GET POST', '[D]', 'studies'),
  open('/candidates/{id}/educations/{child}/', 'GET PATCH DELETE', '[S1]', 'studies'),
  open('/candidates/{id}/experiences/', 'GET POST', '[D]', 'studies'),
  open('/candidates/{id}/experiences/{child}/', 'GET PATCH DELETE', '[S1]', 'studies'),
  open('/candidates/{id}/social-media/', 'GET POST', '[D]', 'social'),
  open('/candidates/{id}/social-media/{child}/', 'GET', '[D]', 'social'),
  open('/candidates/{id}/tags/', 'GET POST', '[D]', 'tags'),
  open('/candidates/{id}/tags/{child}/', 'DELETE', '[D]', 'tags'),
  open('/candidates/{id}/skills/', 'GET POST', '[D]', 'tags'),
  open('/candidates/{id}/skills/bulk/', 'POST', '[S1]', 'tags'),
  open('/candidates/{id}/nationalities/', 'GET POST', '[D]', 'nations'),
  open('/candidates/{id}/nationalities/{child}/', 'GET', '[D]', 'nations'),
  open('/users/', 'GET', '[D]', 'catalogues'),
  open('/users/{id}/', 'GET', '[D]', 'catalogues'),
  open('/currencies/', 'GET', '[D]', 'catalogues'),
  open('/currencies/{id}/', 'GET', '[I]', 'catalogues'),
  open('/languages/', 'GET', '[D]', 'catalogues'),
  open('/languages/{id}/', 'GET', '[I]', 'catalogues'),
  open('/nationalities/', 'GET', '[D]', 'catalogues'),
  open('/nationalities/{id}/', 'GET', '[I]', 'catalogues'),
  open('/industries/', 'GET', '[D]', 'catalogues'),
  open('/industries/{id}/', 'GET', '[I]', 'catalogues'),
  open('/skills/', 'GET POST', '[D]', 'catalogues'),
  open('/job-pipelines/', 'GET', '[D]', 'stages'),
  open('/job-pipelines/{id}/', 'GET', '[D]', 'stages'),
  open('/match-stages/', 'GET', '[D]', 'stages'),
  open('/match-stages/{id}/', 'GET', '[D]', 'stages'),
  open('/career-page/{slug}/jobs/', 'GET', '[D]', 'careerJobs'),
  open('/career-page/{slug}/jobs/{id}/', 'GET', '[D]', 'careerJobs'),
  open('/career-page/{slug}/jobs/{id}/application-form/', 'GET POST', '[D]', 'careerForm'),
  {
    service: 'storage',
    path: '/files/{account}/{kind}/{name}',
    methods: 'GET',
    mark: '[D]',
    test: TESTS.links,
  },
  {
    service: 'Manahook',
    path: '/webhooks/',
    methods: 'GET POST',
    mark: '[D]',
    test: TESTS.subscriptions,
  },
  {
    service: 'Manahook',
    path: '/webhooks/{id}/',
    methods: 'DELETE',
    mark: '[D]',
    test: TESTS.subscriptions,
  },
];

const BASES = { 'Open API': '/open/v3', Manahook: '/v1', storage: '' };

/** `GET /open/v3/jobs/{id}/` for every route and method, the five records spelt out. */
export function routesSpeltOut(): string[] {
  return ROUTES.flatMap(({ service, path, methods }) => {
    const records = path.includes('{record}') ? RECORD_NAMES : [''];
    return records.flatMap((record) =>
      methods
        .split(' ')
        .map((method) => `${method} ${BASES[service]}${path.replace('{record}', record)}`),
    );
  });
}
