import type { Core, Scene } from './core.ts';
import { refuse, sparse } from './refusals.ts';
import { checkRicos } from './ricos.ts';
import type { DraftRow, PostContent } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { slugOf } from './slugs.ts';
import { slugKey } from './store.ts';
import {
  booleanIn,
  isObject,
  listIn,
  objectIn,
  present,
  textIn,
  valueAt,
  wrong,
} from './values.ts';

const TITLE_MAX = 200;
const EXCERPT_MAX = 500;
const SLUG_MAX = 100;
const DRAFT_BYTES_MAX = 400 * 1_024;

/** Words that addresses keep for themselves. (v) 14.8 Which ones exactly is not known. */
const RESERVED_SLUGS = new Set(['archive', 'category', 'categories', 'hashtags', 'tag', 'tags']);

/**
 * Reads what an editor writes over what is kept. `slug` is ignored; so are unknown categories. (v)
 *
 * Fails  throws a refusal that names the field.
 * Source reference/wix.md 6.2 to 6.5
 */
export function readContent(scene: Scene, sent: Fields, kept: DraftRow | null): PostContent {
  const base = kept?.content;
  const at = (name: string) => `draftPost.${name}`;
  const title = textIn(sent.title, at('title'), TITLE_MAX) ?? base?.title;
  const flag = (name: 'featured' | 'commentingEnabled', usual: boolean) =>
    booleanIn(sent[name], at(name)) ?? base?.[name] ?? usual;
  const part = (name: 'media' | 'heroImage') =>
    sent[name] === undefined ? base?.[name] : objectIn(sent[name], at(name));
  const content = present({
    title,
    excerpt:
      sent.excerpt === null
        ? undefined
        : (textIn(sent.excerpt, at('excerpt'), EXCERPT_MAX) ?? base?.excerpt),
    memberId: authorIn(scene, sent.memberId ?? base?.memberId),
    richContent:
      sent.richContent === undefined
        ? (base?.richContent ?? { nodes: [], metadata: { version: 1 } })
        : checkRicos(sent.richContent, at('richContent')),
    categoryIds:
      knownIds(scene, 'categories', listIn(sent.categoryIds, at('categoryIds'), 10)) ??
      base?.categoryIds ??
      [],
    tagIds: knownIds(scene, 'tags', listIn(sent.tagIds, at('tagIds'), 30)) ?? base?.tagIds ?? [],
    hashtags: hashtagsIn(sent.hashtags) ?? base?.hashtags ?? [],
    relatedPostIds:
      listIn(sent.relatedPostIds, at('relatedPostIds'), 3)?.map(String) ??
      base?.relatedPostIds ??
      [],
    seoSlug: slugIn(scene, { sent: sent.seoSlug, title }, kept),
    seoData: sent.seoData === undefined ? base?.seoData : seoIn(sent.seoData),
    media: part('media'),
    heroImage: part('heroImage'),
    featured: flag('featured', false),
    commentingEnabled: flag('commentingEnabled', true),
    language: textIn(sent.language, at('language'), 10) ?? base?.language ?? scene.site.language,
    firstPublishedDate:
      textIn(sent.firstPublishedDate, at('firstPublishedDate'), 40) ?? base?.firstPublishedDate,
  }) as PostContent;
  if (Buffer.byteLength(JSON.stringify(content)) > DRAFT_BYTES_MAX) {
    throw wrong('draftPost', 'is over 400 KB', 'MAX_LENGTH');
  }
  return content;
}

/** An API key has no author of its own: a site member must be named. (c)(v) 6.3 */
function authorIn({ core, site }: Scene, memberId: unknown): string {
  if (typeof memberId !== 'string' || memberId === '') {
    throw sparse(400, 'Missing post owner information');
  }
  if (!core.store.get(site.id, 'members', memberId)) {
    throw sparse(400, `The following member ids do not exist: ${memberId}`);
  }
  return memberId;
}

function knownIds({ core, site }: Scene, table: 'categories' | 'tags', ids: unknown[] | undefined) {
  return ids?.map(String).filter((id) => core.store.get(site.id, table, id) !== undefined);
}

function hashtagsIn(value: unknown): string[] | undefined {
  const list = listIn(value, 'draftPost.hashtags', 100);
  return list?.map((one, at) => textIn(one, `draftPost.hashtags[${at}]`, 100) ?? '');
}

/** The wanted slug, or one made of the title; a clash gets a number behind it. (v) 6.2 */
function slugIn(
  scene: Scene,
  { sent, title }: { sent: unknown; title: string | undefined },
  kept: DraftRow | null,
): string {
  if (sent === undefined && kept) return kept.content.seoSlug;
  const wanted = textIn(sent, 'draftPost.seoSlug', 2_000) || slugOf(title ?? '') || 'untitled';
  // Counted after percent-encoding, so that letters outside ASCII weigh up to nine. (v) 6.2
  if (encodeURIComponent(wanted).length > SLUG_MAX) {
    const text = `has length ${encodeURIComponent(wanted).length}, expected ${SLUG_MAX} or less`;
    throw wrong('draftPost.seoSlug', text, 'MAX_LENGTH', { threshold: SLUG_MAX });
  }
  return freeSlug(scene.core, scene.site.id, { wanted, own: kept?.id ?? null });
}

function freeSlug(
  core: Core,
  site: string,
  { wanted, own }: { wanted: string; own: string | null },
): string {
  const isTaken = (slug: string) =>
    RESERVED_SLUGS.has(slug) ||
    core.store
      .found(site, 'drafts', slugKey(slug))
      .some(({ id, status }) => id !== own && status !== 'DELETED');
  let slug = wanted;
  for (let number = 1; isTaken(slug); number += 1) slug = `${wanted}-${number}`;
  return slug;
}

/** A tag that is marked custom is refused on titles and scripts. (v) 6.5 */
function seoIn(value: unknown): Fields {
  const seo = objectIn(value, 'draftPost.seoData');
  const tags = listIn(seo.tags, 'draftPost.seoData.tags', 100) ?? [];
  for (const tag of tags) {
    const type = valueAt(tag, 'type');
    if (valueAt(tag, 'custom') === true && (type === 'title' || type === 'script')) {
      throw refuse(400, 'TAG_TYPE_NOT_ALLOWED', `a custom tag of type ${type} is not allowed`);
    }
    const children = isObject(tag) ? tag.children : undefined;
    if (children !== undefined && typeof children !== 'string') {
      throw wrong('draftPost.seoData.tags.children', 'must be a string');
    }
  }
  return seo;
}

/** Only an imported image with all three flags makes a cover. (v) 6.6 */
export function hasCover(core: Core, site: string, { media }: PostContent): boolean {
  const id = valueAt(media, 'wixMedia.image.id');
  const isImported = typeof id === 'string' && core.store.get(site, 'media', id) !== undefined;
  return isImported && media?.displayed === true && media.custom === true;
}
