import type { Scene } from './core.ts';
import type { Routes } from './guard.ts';
import { queryNames } from './postQuery.ts';
import { notFound, refuse } from './refusals.ts';
import type { CategoryRow, TagRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { slugOf } from './slugs.ts';
import { objectIn, present, textIn, wrong } from './values.ts';

const NEEDS = { permission: 'blog', app: 'blog' } as const;
const TAGS = '/blog/v3/tags';
const CATEGORIES = '/blog/v3/categories';
const TAG_LABEL_MAX = 50;
const CATEGORY_LABEL_MAX = 35;
const DESCRIPTION_MAX = 500;

/** Tags and categories of the blog. Source: reference/wix.md 6.1, 6.7 */
export function addTagRoutes(routes: Routes): void {
  // The fields of a tag stand at the top, those of a category are wrapped. (s)(v) 14.3
  routes.site('POST', TAGS, NEEDS, ({ scene, body }) => ({
    tag: showTag(scene, createTag(scene, body)),
  }));
  routes.site('POST', `${TAGS}/query`, NEEDS, ({ scene, body }) => {
    const { rows, metadata } = queryNames(scene, 'tags', objectIn(body.query, 'query'));
    const tags = rows.map((row) => showTag(scene, row as TagRow));
    return { tags, pagingMetadata: metadata };
  });
  routes.site('GET', `${TAGS}/labels/:label`, NEEDS, ({ scene, param }) => {
    const row = tagLabelled(scene, param('label'));
    if (!row) throw notFound('tag');
    return { tag: showTag(scene, row) };
  });
  routes.site('GET', `${TAGS}/:id`, NEEDS, ({ scene, param }) => {
    const row = scene.core.store.get(scene.site.id, 'tags', param('id'));
    if (!row) throw notFound('tag');
    return { tag: showTag(scene, row) };
  });
  routes.site('POST', CATEGORIES, NEEDS, ({ scene, body }) => ({
    category: showCategory(createCategory(scene, objectIn(body.category, 'category'))),
  }));
  routes.site('GET', CATEGORIES, NEEDS, ({ scene, query }) => {
    const { rows, metadata } = queryNames(scene, 'categories', { paging: query.paging });
    return { categories: rows.map(showCategory), metaData: metadata };
  });
  routes.site('POST', `${CATEGORIES}/query`, NEEDS, ({ scene, body }) => {
    const { rows, metadata } = queryNames(scene, 'categories', objectIn(body.query, 'query'));
    return { categories: rows.map(showCategory), pagingMetadata: metadata };
  });
  routes.site('GET', `${CATEGORIES}/:id`, NEEDS, ({ scene, param }) => {
    const row = scene.core.store.get(scene.site.id, 'categories', param('id'));
    if (!row) throw notFound('category');
    return { category: showCategory(row) };
  });
}

function createTag(scene: Scene, sent: Fields): TagRow {
  const { core, site } = scene;
  const label = textIn(sent.label, 'label', TAG_LABEL_MAX)?.trim();
  if (!label) throw wrong('label', 'must not be empty', 'OTHER');
  if (tagLabelled(scene, label))
    throw refuse(409, 'ALREADY_EXISTS', 'a tag with this label exists');
  const row: TagRow = {
    id: core.newGuid(),
    label,
    slug: textIn(sent.slug, 'slug', 100) ?? slugOf(label),
    language: textIn(sent.language, 'language', 10) ?? site.language,
  };
  core.store.put(site.id, 'tags', row);
  return row;
}

const tagLabelled = ({ core, site }: Scene, label: string) =>
  core.store.found(site.id, 'tags', label.toLowerCase())[0];

function showTag({ core, site }: Scene, row: TagRow): Fields {
  const posts = core.store.rows(site.id, 'drafts');
  const postCount = posts.filter((post) => post.published?.tagIds.includes(row.id)).length;
  return { ...row, postCount };
}

function createCategory({ core, site }: Scene, sent: Fields): CategoryRow {
  const label = textIn(sent.label, 'category.label', CATEGORY_LABEL_MAX)?.trim();
  if (!label) throw wrong('category.label', 'must not be empty', 'OTHER');
  const known = core.store.rows(site.id, 'categories');
  if (known.some((row) => row.label.toLowerCase() === label.toLowerCase())) {
    throw refuse(409, 'ALREADY_EXISTS', 'a category with this label exists');
  }
  const row = present({
    id: core.newGuid(),
    label,
    slug: textIn(sent.slug, 'category.slug', 100) ?? slugOf(label),
    description: textIn(sent.description, 'category.description', DESCRIPTION_MAX),
  }) as CategoryRow;
  core.store.put(site.id, 'categories', row);
  return row;
}

const showCategory = (row: CategoryRow | TagRow): Fields => ({ ...row });
