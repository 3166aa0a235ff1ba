import { createHmac, sign } from 'node:crypto';
import type { DeliveryFault, Fields } from './siteRows.ts';
import type { Switches } from './switches.ts';

/** The parts of a webhook before they are nested. */
export interface Envelope {
  eventType: string;
  instanceId: string;
  event: Fields;
  identity?: Fields;
  accountInfo?: Fields;
}

/** Anything else than the key it should be signed with. */
export interface TokenKeys {
  kid: string;
  publicKey: string;
  privateKey: string;
  /** The key of somebody else. */
  foreignKey: string;
}

/**
 * The compact token that is the whole body of a webhook: JSON within JSON within a JWT.
 *
 * fault   how a forged one is made; every other fault signs honestly.
 * Source  reference/wix.md 8.1, 8.3
 */
export function webhookToken(
  envelope: Envelope,
  options: {
    keys: TokenKeys;
    fault: DeliveryFault;
    nowSeconds: number;
    switches: Pick<Switches, 'tokenSeconds' | 'envelopeShape'>;
  },
): string {
  const { keys, fault, nowSeconds, switches } = options;
  const nest = (value: unknown) =>
    switches.envelopeShape === 'strings' ? JSON.stringify(value) : value;
  const data = nest({
    data: nest(envelope.event),
    instanceId: envelope.instanceId,
    eventType: envelope.eventType,
    ...(envelope.identity ? { identity: nest(envelope.identity) } : {}),
    ...(envelope.accountInfo ? { accountInfo: envelope.accountInfo } : {}),
  });
  const lifetime = switches.tokenSeconds;
  const issuedAt = fault === 'expired' ? nowSeconds - 2 * EXPIRED_SECONDS : nowSeconds;
  const life = fault === 'expired' ? EXPIRED_SECONDS : lifetime;
  const times = life > 0 ? { iat: issuedAt, exp: issuedAt + life } : { iat: issuedAt };
  return signed({ data, ...times }, { keys, fault });
}

/** An expired token ended a day ago: no leeway takes it. */
const EXPIRED_SECONDS = 86_400;

const ALGORITHMS: Partial<Record<DeliveryFault, string>> = {
  algNone: 'none',
  publicKeyAsSecret: 'HS256',
};

function signed(
  payload: Fields,
  { keys, fault }: { keys: TokenKeys; fault: DeliveryFault },
): string {
  const header = { alg: ALGORITHMS[fault] ?? 'RS256', kid: keys.kid };
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signatureOf(input, keys, fault)}`;
}

function signatureOf(input: string, keys: TokenKeys, fault: DeliveryFault): string {
  if (fault === 'algNone') return '';
  // The old attack on verifiers that let the token choose: the public key is no secret.
  if (fault === 'publicKeyAsSecret') {
    return createHmac('sha256', keys.publicKey).update(input).digest('base64url');
  }
  const key = fault === 'wrongKey' ? keys.foreignKey : keys.privateKey;
  return sign('RSA-SHA256', Buffer.from(input), key).toString('base64url');
}

const encode = (value: Fields) => Buffer.from(JSON.stringify(value)).toString('base64url');
