import type { Core, Scene } from './core.ts';
import { orderDelivery } from './deliveries.ts';
import type { AppRow, AutomationTrigger, Fields } from './siteRows.ts';
import { SHARED } from './store.ts';

/** Something that happened to an entity. */
export interface Happening {
  /** `wix.contacts.v4.contact` */
  entity: string;
  /** `created`; the event type is entity and slug. */
  slug: string;
  entityId: string;
  /** One of createdEvent, updatedEvent, deletedEvent, actionEvent. */
  body: Fields;
  originatedFrom?: string;
}

/** Tells every app that is installed on the site and has subscribed. */
export function announce(scene: Scene, happening: Happening): void {
  const { core, site } = scene;
  const eventType = `${happening.entity}_${happening.slug}`;
  let event: Fields | null = null;
  for (const app of core.store.rows(SHARED, 'apps')) {
    const install = app.installs.find((one) => one.site === site.id);
    if (!install) continue;
    event ??= eventOf(core, happening);
    for (const hook of hooksFor(app, eventType)) {
      const body = {
        eventType,
        instanceId: install.instanceId,
        event,
        ...envelopeExtras(scene),
      };
      orderDelivery(scene, {
        ...{ app: app.id, eventType, entityId: happening.entityId, targetUrl: hook.url, body },
      });
    }
  }
}

const hooksFor = (app: AppRow, eventType: string) =>
  app.hooks.filter((hook) => hook.eventType === '*' || hook.eventType === eventType);

function eventOf(core: Core, happening: Happening): Fields {
  return {
    id: core.newGuid(),
    entityFqdn: happening.entity,
    slug: happening.slug,
    entityId: happening.entityId,
    ...(core.switches().bodyKeys === 'asJson' ? asJson(happening.body) : happening.body),
    eventTime: nanoseconds(core),
    triggeredByAnonymizeRequest: false,
    ...(happening.originatedFrom ? { originatedFrom: happening.originatedFrom } : {}),
    entityEventSequence: nextSequence(core),
  };
}

/** The other spelling of the body: `entityAsJson` with a text, and so on. (c)(s) 8.1 */
function asJson(body: Fields): Fields {
  const spelt = Object.entries(body).map(([name, part]) => {
    const inner = Object.entries(part as Fields).map(([key, value]) => [
      `${key}AsJson`,
      JSON.stringify(value),
    ]);
    return [name, Object.fromEntries(inner)];
  });
  return Object.fromEntries(spelt);
}

/** Times of events are finer than other times, which breaks strict parsers. (c) 14.12 */
function nanoseconds(core: Core): string {
  const fine = String(core.random.integer(1_000_000)).padStart(6, '0');
  return core.now().replace('Z', `${fine}Z`);
}

const sequences = new WeakMap<Core, number>();

/** Rising, also across restarts. */
function nextSequence(core: Core): string {
  const next = Math.max((sequences.get(core) ?? 0) + 1, core.clock.now().getTime() * 1_000);
  sequences.set(core, next);
  return String(next);
}

function envelopeExtras({ core, site, actor }: Scene): Fields {
  const { identityShown, accountInfoShown } = core.switches();
  const accountInfo = { accountId: site.account, parentAccountId: site.account, siteId: site.id };
  return {
    ...(identityShown ? { identity: identityOf(core, site.account, actor) } : {}),
    ...(accountInfoShown ? { accountInfo } : {}),
  };
}

function identityOf(core: Core, account: string, actor: Scene['actor']): Fields {
  if (actor.by === 'visitor') {
    return { identityType: 'ANONYMOUS_VISITOR', anonymousVisitorId: actor.visitorId };
  }
  if (actor.by === 'member') return { identityType: 'MEMBER', memberId: actor.memberId };
  if (actor.by === 'key' && core.switches().keyIdentity === 'APP') return { identityType: 'APP' };
  const owner = core.store.get(SHARED, 'accounts', account)?.owner;
  return { identityType: 'WIX_USER', wixUserId: owner };
}

/** Runs the owner's automations of a trigger: plain JSON, signed by nobody. (t) 9.1 */
export function automate(
  scene: Scene,
  happening: { trigger: AutomationTrigger; entityId: string; data: Fields },
): void {
  const { trigger, entityId, data } = happening;
  for (const row of scene.core.store.rows(scene.site.id, 'automations')) {
    if (row.trigger !== trigger) continue;
    orderDelivery(scene, {
      ...{ app: null, eventType: `automation ${trigger}`, entityId, targetUrl: row.url },
      body: { data },
    });
  }
}
