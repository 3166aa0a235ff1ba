import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { connectors, createStand, dropStands, must, providers } from './stand.ts';

afterAll(dropStands);

test('every connector has a bench', () => {
  expect([...connectors.keys()].sort()).toEqual([...providers].sort());
});

const withWebhooks = providers.filter((provider) => connectors.get(provider)!.webhooks);

test.each(withWebhooks)(
  '[D5] %s: every event means a resource, or says why it does not',
  (provider) => {
    const { resources, webhooks } = connectors.get(provider)!;
    const names = resources.map(({ name }) => name);
    for (const [event, meaning] of Object.entries(webhooks!.events)) {
      if (meaning.resource === null)
        expect([event, meaning.ignored]).toEqual([event, expect.any(String)]);
      else expect(names).toContain(meaning.resource);
    }
  },
);

test.each(withWebhooks)(
  '[D2] %s: the id is found in every documented shape of a body',
  async (provider) => {
    const { bench, connector } = await createStand(provider);
    const { events, idIn } = connector.webhooks!;
    for (const event of Object.keys(events)) {
      const [model = ''] = event.split('/');
      for (const body of bench.webhookBodies(event, '77120045')) {
        expect([event, body, idIn(body, model)]).toEqual([event, body, '77120045']);
      }
    }
  },
);

test.each(withWebhooks)(
  '[D3] %s: no body, however strange, breaks the look for an id',
  (provider) => {
    const { idIn, resourceOf } = connectors.get(provider)!.webhooks!;
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (body, model) => {
        expect(idIn(body, model) ?? '').toEqual(expect.any(String));
        expect(resourceOf(model) ?? '').toEqual(expect.any(String));
      }),
    );
  },
);

test.each(withWebhooks)(
  '%s: a subscription is made, listed, and taken back, twice as well',
  async (provider) => {
    const { connector, context } = await createStand(provider);
    const { create, list, remove, events } = connector.webhooks!;
    const address = 'https://kiex.example/hooks/secret';
    for (const event of Object.keys(events)) {
      const made = must(await create(context, event, address));
      expect(made).toMatchObject({ event, address });
      expect(must(await list(context))).toContainEqual(made);
      must(await remove(context, made.id));
      must(await remove(context, made.id));
      expect(must(await list(context))).toEqual([]);
    }
  },
);
