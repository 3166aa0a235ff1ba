import type { Mark } from './switches.ts';

/** A route of the simulator, how sure the reference is of it, and the test that shows it. */
export interface CoveredRoute {
  area: string;
  path: string;
  methods: string;
  mark: Mark;
  test: string;
}

/** A behaviour, how sure the reference is of it, and the test that shows it. */
export interface CoveredBehaviour {
  /** Section of reference/wix.md. */
  section: string;
  rule: string;
  mark: Mark;
  test: string;
}

const TESTS = {
  created: 'a contact is created as the reference shows: ids, primaries, revision a number',
  updated: 'an update needs the present revision and changes only what it names',
  deleted: 'the primary e-mail of a member is not changed through the contact, nor is he deleted',
  merged: 'a merge completes the target; asking for a source gives the target, as MERGED',
  query: 'filters: equality, operators, several keys, $and, $or, $not',
  list: 'the list takes dotted parameters, or all of them in one base64url text',
  bulkContacts: 'bulk calls answer with a job and change what fits later',
  submit: 'submit completes a contact by e-mail, never overwrites, and spares members',
  labels: 'labels are found or made, given, taken, renamed and removed',
  fields: 'an extended field is found or made; an unknown one fails the whole write',
  fieldList: 'a site has at most 100 custom fields',
  fieldNames: 'an extended field is listed, queried, read and renamed like a label',
  namespace: 'a query must name the namespace, at the top or inside $and',
  submission: 'a submission is shown with labels, marked seen, counted, changed and deleted',
  confirm: 'a submission may wait as PENDING before it is confirmed',
  validate: 'wrong values are listed one by one, each with its path and type',
  mapping: 'a contact is tied to a submission by hand',
  schema: 'a schema tells targets, types, labels and what maps to a contact',
  formList: 'a form that is switched off takes nothing and is listed only when asked for',
  member: 'a member made through the API is approved at once, with slug, contact and full fields',
  memberTrap: 'the default fieldset hides the e-mail and says UNKNOWN: the fieldset trap',
  memberList: 'the query sorts by `sorting`, unless it does not; its metadata is called metadata',
  memberUpdate:
    'an update overwrites what is sent; an empty list changes nothing, an empty text clears',
  memberState: 'members are approved, blocked, muted, given a slug and removed; the contact stays',
  memberBulk: 'bulk calls remove, approve and block members',
  memberMail: 'the mail that lets a member set a password is sent only when asked for',
  post: 'a post is created and published in one call; its id is that of the draft',
  change: 'a change of a published post stays unseen until it is published again',
  drafts: 'drafts are found by title, date and hashtag, not by slug; lists spell metaData',
  posts: 'published posts are listed and queried, also under the shorter path',
  trash: 'a deleted post waits in the trash bin, unless deleted for good',
  bulkPosts: 'bulk create takes flat posts and answers 200 with the failed ones inside',
  slugs: '`slug` is ignored; `seoSlug` counts, reserved or taken it gets a number',
  tags: 'a tag is created at the top level, a category wrapped; both refuse a second one',
  converter:
    'the converter turns text into Ricos and back, is capped, and answers bursts with empty 403',
  cover: 'a cover needs an imported image and three flags together',
  sites: 'the sites of an account are listed under the account header',
  properties: 'site properties tell name, locale and time zone; a key may lack that set alone',
  apps: 'installed apps are told by their ids',
};

const rows = (
  area: string,
  base: string,
  list: readonly (readonly [string, string, Mark, keyof typeof TESTS])[],
): CoveredRoute[] =>
  list.map(([path, methods, mark, test]) => ({
    ...{ area, path: base + path, methods, mark, test: TESTS[test] },
  }));

/** Every route; a test compares this list with what the simulator really serves. */
export const ROUTES: readonly CoveredRoute[] = [
  ...rows('Contacts', '/contacts/v4/contacts', [
    ['', 'POST', '(s)', 'created'],
    ['', 'GET', '(s)', 'list'],
    ['/query', 'POST', '(s)', 'query'],
    ['/{id}', 'GET PATCH', '(s)', 'updated'],
    ['/{id}', 'DELETE', '(s)', 'deleted'],
    ['/{id}/merge', 'POST', '(s)', 'merged'],
    ['/{id}/labels', 'POST DELETE', '(s)', 'labels'],
  ]),
  ...rows('Contacts', '/contacts/v4', [
    ['/bulk/contacts/update', 'POST', '(s)', 'bulkContacts'],
    ['/bulk/contacts/delete', 'POST', '(s)', 'bulkContacts'],
    ['/bulk/contacts/add-remove-labels', 'POST', '(s)', 'bulkContacts'],
    ['/contact-submit', 'POST', '(c)', 'submit'],
    ['/labels', 'GET POST', '(s)', 'labels'],
    ['/labels/query', 'POST', '(s)', 'labels'],
    ['/labels/{key}', 'GET PATCH DELETE', '(s)', 'labels'],
    ['/extended-fields', 'POST', '(s)', 'fields'],
    ['/extended-fields', 'GET', '(s)', 'fieldList'],
    ['/extended-fields/query', 'POST', '(s)', 'fieldNames'],
    ['/extended-fields/{key}', 'GET PATCH', '(s)', 'fieldNames'],
    ['/extended-fields/{key}', 'DELETE', '(s)', 'fields'],
  ]),
  ...rows('Forms', '/form-submission-service/v4', [
    ['/submissions/namespace/query', 'POST', '(s)', 'namespace'],
    ['/submissions/namespace/search', 'POST', '(s)', 'namespace'],
    ['/submissions', 'POST', '(s)', 'submission'],
    ['/submissions/validate', 'POST', '(s)', 'validate'],
    ['/submissions/count', 'POST', '(s)', 'submission'],
    ['/submissions/{id}', 'GET PATCH DELETE', '(s)', 'submission'],
    ['/submissions/{id}/formatted', 'GET', '(s)', 'submission'],
    ['/submissions/{id}/confirm', 'POST', '(s)', 'confirm'],
    ['/bulk/submissions/mark-as-seen', 'POST', '(s)', 'submission'],
  ]),
  ...rows('Forms', '', [
    ['/form-submission-contact-mapping-service/v4/submissions-contacts', 'POST', '(s)', 'mapping'],
    ['/form-schema-service/v4/forms', 'GET', '(v)', 'formList'],
    ['/form-schema-service/v4/forms/query', 'POST', '(s)', 'schema'],
    ['/form-schema-service/v4/forms/{id}', 'GET', '(s)', 'schema'],
    ['/form-schema-service/v4/forms/{id}/summary', 'GET', '(s)', 'schema'],
  ]),
  ...rows('Members', '/members/v1/members', [
    ['', 'GET', '(s)', 'memberList'],
    ['', 'POST', '(s)', 'member'],
    ['/query', 'POST', '(s)', 'memberTrap'],
    ['/{id}', 'GET', '(s)', 'memberTrap'],
    ['/{id}', 'PATCH', '(s)', 'memberUpdate'],
    ['/{id}', 'DELETE', '(s)', 'memberState'],
    ['/{id}/approve', 'POST', '(s)', 'memberState'],
    ['/{id}/block', 'POST', '(s)', 'memberState'],
    ['/{id}/mute', 'POST', '(s)', 'memberState'],
    ['/{id}/unmute', 'POST', '(s)', 'memberState'],
    ['/{id}/disconnect', 'POST', '(s)', 'memberState'],
    ['/{id}/slug', 'POST', '(s)', 'memberState'],
    ['/{id}/phones', 'DELETE', '(s)', 'memberUpdate'],
    ['/{id}/emails', 'DELETE', '(s)', 'memberUpdate'],
    ['/{id}/addresses', 'DELETE', '(s)', 'memberUpdate'],
    ['/bulk/delete', 'POST', '(s)', 'memberBulk'],
    ['/bulk/delete-by-filter', 'POST', '(s)', 'memberBulk'],
    ['/bulk/approve-by-filter', 'POST', '(s)', 'memberBulk'],
    ['/bulk/block-by-filter', 'POST', '(s)', 'memberBulk'],
  ]),
  ...rows('Members', '/wix-sm/api/v1/auth/v1/auth/members', [
    ['/send-set-password-email', 'POST', '(s)', 'memberMail'],
  ]),
  ...rows('Blog', '/blog/v3', [
    ['/draft-posts', 'POST', '(s)', 'post'],
    ['/draft-posts', 'GET', '(s)', 'drafts'],
    ['/draft-posts/query', 'POST', '(s)', 'drafts'],
    ['/draft-posts/update', 'PATCH', '(s)', 'bulkPosts'],
    ['/draft-posts/{id}', 'GET DELETE', '(s)', 'trash'],
    ['/draft-posts/{id}', 'PATCH', '(s)', 'change'],
    ['/draft-posts/{id}/publish', 'POST', '(s)', 'change'],
    ['/draft-posts/trash-bin/{id}/restore', 'POST', '(s)', 'trash'],
    ['/bulk/draft-posts/create', 'POST', '(s)', 'bulkPosts'],
    ['/bulk/draft-posts', 'DELETE', '(s)', 'bulkPosts'],
    ['/posts', 'GET', '(s)', 'posts'],
    ['/posts/query', 'POST', '(s)', 'posts'],
    ['/posts/{id}', 'GET', '(s)', 'post'],
    ['/posts/slugs/{slug}', 'GET', '(s)', 'slugs'],
    ['/tags', 'POST', '(s)', 'tags'],
    ['/tags/query', 'POST', '(s)', 'tags'],
    ['/tags/labels/{label}', 'GET', '(s)', 'tags'],
    ['/tags/{id}', 'GET', '(u)', 'tags'],
    ['/categories', 'GET POST', '(s)', 'tags'],
    ['/categories/query', 'POST', '(s)', 'tags'],
    ['/categories/{id}', 'GET', '(u)', 'tags'],
  ]),
  ...rows('Ricos', '/ricos/v1/ricos-document', [
    ['/convert/to-ricos', 'POST', '(c)', 'converter'],
    ['/convert/from-ricos', 'POST', '(c)', 'converter'],
    ['/validate', 'POST', '(c)', 'converter'],
  ]),
  ...rows('Site', '', [
    ['/site-list/v2/sites/query', 'POST', '(c)', 'sites'],
    ['/site-properties/v4/properties', 'GET', '(c)', 'properties'],
    ['/apps-installer-service/v1/app-instances', 'GET', '(v)', 'apps'],
    ['/site-media/v1/files/import', 'POST', '(v)', 'cover'],
    ['/site-media/v1/files/{id}', 'GET', '(u)', 'cover'],
  ]),
];

/** `GET /contacts/v4/contacts/{id}` for every route and method. */
export function routesSpeltOut(): string[] {
  return ROUTES.flatMap(({ path, methods }) =>
    methods.split(' ').map((method) => `${method} ${path}`),
  );
}
