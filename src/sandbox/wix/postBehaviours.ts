import { behaviour } from './behaviour.ts';
import type { CoveredBehaviour } from './coverage.ts';

/** The blog. */
export const POST_BEHAVIOURS: readonly CoveredBehaviour[] = [
  behaviour(
    '6.1',
    '(s)',
    'Create and publish in one call; a post keeps the id of its draft.',
    'a post is created and published in one call; its id is that of the draft',
  ),
  behaviour(
    '6.2',
    '(c)',
    'Address, rich content (s) and generated excerpt only come when asked for.',
    'a post is created and published in one call; its id is that of the draft',
  ),
  behaviour(
    '6.3',
    '(c)',
    'The author must be a member of the site; a contact is none (v).',
    'a post needs an author who is a member of the site',
  ),
  behaviour(
    '6.4',
    '(s)',
    'A change of a published post stays unseen until published again.',
    'a change of a published post stays unseen until it is published again',
  ),
  behaviour(
    '14.15',
    '(s)',
    'Publishing answers the id alone.',
    'a change of a published post stays unseen until it is published again',
  ),
  behaviour(
    '6.4',
    '(s)',
    '`UPDATE_REVERT_TO_DRAFT` takes a post offline.',
    'UPDATE_REVERT_TO_DRAFT takes a post offline and keeps it editable',
  ),
  behaviour(
    '6.1',
    '(s)',
    'A scheduled post is published at its time.',
    'a scheduled post is published at its time, unless the schedule is cancelled',
  ),
  behaviour(
    '6.2, 14.8',
    '(v)',
    '`slug` is ignored on write; clashes and reserved words are altered.',
    '`slug` is ignored; `seoSlug` counts, reserved or taken it gets a number',
  ),
  behaviour(
    '6.2',
    '(v)',
    '`seoSlug` is counted after percent-encoding.',
    'seoSlug is at most 100 after percent-encoding',
  ),
  behaviour(
    '6.7, 7.1',
    '(v)',
    'Malformed rich content is 400 and names the node: text outside a paragraph.',
    'malformed rich content is 400 and names the wrong node',
  ),
  behaviour(
    '7.2, 15 S13',
    '(c)',
    'The job post of the reference passes.',
    'the job post of the reference passes: facts, heading, list, divider, button',
  ),
  behaviour(
    '6.2, 6.7',
    '(c)',
    'At most 400 KB and 200 characters of title; a title is needed to publish.',
    'a draft is at most 400 KB, a title at most 200 characters',
  ),
  behaviour(
    '6.5',
    '(v)',
    '`custom: true` on a title or script is refused; children are a text.',
    'a script tag passes as text and is refused when marked custom',
  ),
  behaviour(
    '6.6, 14.9',
    '(v)',
    'A cover needs an imported image and three flags; PENDING is good enough.',
    'a cover needs an imported image and three flags together',
  ),
  behaviour(
    '6.8, 14.1',
    '(s)',
    'Drafts do not filter by slug, creation or author; the list says `metaData`.',
    'drafts are found by title, date and hashtag, not by slug; lists spell metaData',
  ),
  behaviour(
    '6.1, 12.1',
    '(x)',
    'Posts and tags answer under the shorter path too.',
    'published posts are listed and queried, also under the shorter path',
  ),
  behaviour(
    '6.1',
    '(s)',
    'Delete moves to the trash bin, unless permanent.',
    'a deleted post waits in the trash bin, unless deleted for good',
  ),
  behaviour(
    '14.4',
    '(v)',
    'Bulk create takes flat posts and answers 200 with failed ones inside.',
    'bulk create takes flat posts and answers 200 with the failed ones inside',
  ),
  behaviour(
    '14.3',
    '(v)',
    'A tag is top-level, a category wrapped; duplicates are 409; unknown categories are dropped.',
    'a tag is created at the top level, a category wrapped; both refuse a second one',
  ),
  behaviour(
    '6.4',
    '(v)',
    'A passing 401 “No identity found” on creation; nothing is kept.',
    'creating a draft may answer 401 in passing, and nothing is kept',
  ),
  behaviour(
    '7.3',
    '(v)',
    'The converter answers bursts with an empty 403 and is capped.',
    'the converter turns text into Ricos and back, is capped, and answers bursts with empty 403',
  ),
];
