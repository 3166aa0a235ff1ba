import { behaviour } from './behaviour.ts';
import type { CoveredBehaviour } from './coverage.ts';

/** Webhooks, automations, and what Wix’s own client makes of it all. */
export const WEBHOOK_BEHAVIOURS: readonly CoveredBehaviour[] = [
  behaviour(
    '8.1, 12.11',
    '(c)',
    'One signed token: JSON in JSON in a JWT, RS256 with a `kid`.',
    'an event is one signed token: JSON in JSON in a JWT, with the site it is about',
  ),
  behaviour(
    '8.1, 14.12',
    '(c)',
    '`eventTime` has nanoseconds; sequences are numeric texts; created contacts lack the revision.',
    'an event is one signed token: JSON in JSON in a JWT, with the site it is about',
  ),
  behaviour(
    '8.2, 8.4, 12.12',
    '(t)',
    'Cascades: a submission makes a contact, a member changes one, a merge deletes and updates.',
    'each change is told: contacts, forms, members, posts',
  ),
  behaviour(
    '3.5, 8.1',
    '(s)',
    'What a merge causes says `originatedFrom: merge`.',
    'each change is told: contacts, forms, members, posts',
  ),
  behaviour(
    '8.5',
    '(c)',
    'Events flow only to installed apps, by event type.',
    'only what an app subscribed to, and only where it is installed',
  ),
  behaviour(
    '8.1',
    '(s)',
    'The identity says who acted; for a key it is a Wix user or an app (u).',
    'the identity says who acted: visitor, member, owner, key',
  ),
  behaviour(
    '8.1, 8.3',
    '(c)',
    'Inner parts may be objects, bodies `entityAsJson`, `exp` and identity absent.',
    'the envelope may come in its other documented shapes',
  ),
  behaviour(
    '8.4',
    '(c)',
    'Anything but 200 is tried again, twelve times, with the original data.',
    'a delivery that is not answered 200 in time is tried again, twelve times, then given up',
  ),
  behaviour(
    '8.4',
    '(c)',
    'An answer after 1250 ms is none; delays can be scaled down.',
    'an answer after 1250 ms is none; the retry delays can be scaled down',
  ),
  behaviour(
    '8.4, 12.11',
    '(c)',
    'Deliveries lost (u), doubled, late, reordered.',
    'deliveries can be lost, doubled, late and overtaken',
  ),
  behaviour(
    '8.3, 12.11',
    '(u)',
    'Forged tokens: wrong key, `none`, HS256 with the public key, expired.',
    'a forged delivery has a wrong key, no algorithm, the public key as secret, or is over',
  ),
  behaviour(
    '9.1',
    '(t)',
    'Automations send plain JSON, unsigned; API-made members set off none (c).',
    'an automation sends plain JSON, signed by nobody',
  ),
  behaviour(
    '11',
    '(x)',
    'Wix’s own client works on contacts.',
    'Wix’s client makes, gets, queries and changes contacts',
  ),
  behaviour(
    '3.7, 11',
    '(s)',
    'Wix’s own client echoes the consistency header.',
    'Wix’s client sends the consistency token back, and so sees what it wrote',
  ),
  behaviour('11', '(x)', 'Wix’s own client pages.', 'Wix’s client pages through contacts'),
  behaviour(
    '11',
    '(x)',
    'Wix’s own client works on submissions.',
    'Wix’s client makes, gets, queries and changes submissions',
  ),
  behaviour(
    '11',
    '(x)',
    'Wix’s own client works on members.',
    'Wix’s client makes, gets, queries and changes members',
  ),
  behaviour(
    '11',
    '(x)',
    'Wix’s own client works on draft posts.',
    'Wix’s client makes, gets, queries, changes and publishes draft posts',
  ),
  behaviour(
    '8.3, 11',
    '(x)',
    'Wix’s own verification accepts the tokens.',
    'Wix’s client verifies the tokens and hands the entities to its handlers',
  ),
  behaviour(
    '8.3, 11',
    '(x)',
    'Wix’s own verification refuses the forged ones.',
    'Wix’s client refuses a wrong key, no algorithm, the public key as secret, an old token',
  ),
  behaviour(
    '8.3, 11',
    '(x)',
    'It takes a token without `exp`, and no objects inside.',
    'Wix’s client takes a token without exp, and insists on texts inside',
  ),
  behaviour(
    '12',
    '(u)',
    'State survives a kill, and so does what was promised.',
    'after a kill what was promised is still done: mapping, publishing, delivering',
  ),
  behaviour(
    '12',
    '(u)',
    'One seed gives one run.',
    'one seed gives one run: the same ids, tokens and answers',
  ),
];
