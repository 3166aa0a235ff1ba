import { expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

test('a tag is created at the top level, a category wrapped; both refuse a second one', async () => {
  const bed = createTestbed();
  const made = await bed.post('/blog/v3/tags', { label: 'Internship' });
  const { id } = made.body.tag;
  expect(made.body.tag).toMatchObject({ label: 'Internship', slug: 'internship', postCount: 0 });
  const again = await bed.post('/v3/tags', { label: 'internship' });
  expect([again.status, again.body.details.applicationError.code]).toEqual([409, 'ALREADY_EXISTS']);
  expect((await bed.post('/blog/v3/tags', { tag: { label: 'Wrapped' } })).status).toBe(400);
  expect((await bed.post('/blog/v3/tags', { label: 'x'.repeat(51) })).status).toBe(400);
  expect((await bed.get('/blog/v3/tags/labels/Internship')).body.tag.id).toBe(id);
  expect((await bed.get(`/blog/v3/tags/${id}`)).body.tag.id).toBe(id);
  const tags = await bed.post('/blog/v3/tags/query', {
    query: { filter: { label: 'Internship' } },
  });
  expect(tags.body.tags).toHaveLength(1);
  const category = { label: 'Jobs', description: 'Open jobs' };
  const kept = await bed.post('/blog/v3/categories', { category });
  expect(kept.body.category).toMatchObject({ label: 'Jobs', slug: 'jobs' });
  expect((await bed.post('/blog/v3/categories', { category })).status).toBe(409);
  expect((await bed.post('/blog/v3/categories', { label: 'Bare' })).status).toBe(400);
  const draft = await bed.makeDraft(
    { tagIds: [id], categoryIds: [kept.body.category.id, 'unknown'] },
    true,
  );
  expect(draft.categoryIds).toEqual([kept.body.category.id]);
  expect((await bed.get(`/blog/v3/tags/${id}`)).body.tag.postCount).toBe(1);
  expect((await bed.get('/blog/v3/categories')).body.metaData.total).toBe(1);
  const path = `/blog/v3/categories/${kept.body.category.id}`;
  expect((await bed.get(path)).body.category.description).toBe('Open jobs');
  const query = await bed.post('/blog/v3/categories/query', { query: {} });
  expect(query.body.pagingMetadata.total).toBe(1);
});
