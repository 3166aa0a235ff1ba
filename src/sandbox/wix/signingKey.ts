import { checkPrimeSync, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Random } from '#src/platform/random.ts';

const PRIME_BYTES = 128;
const EXPONENT = 65_537n;

/**
 * An RSA key pair of 2048 bits, as PEM. Drawn from `random`, so that a seed repeats its tokens; the
 * generator of node:crypto cannot be seeded.
 */
export function createSigningKey(random: Random): { publicKey: string; privateKey: string } {
  const p = primeOf(random);
  const q = primeOf(random);
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const privateKey = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      ...{ n: text(p * q), e: text(EXPONENT), d: text(d), p: text(p), q: text(q) },
      ...{ dp: text(d % (p - 1n)), dq: text(d % (q - 1n)), qi: text(inverse(q, p)) },
    },
  });
  return {
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString(),
  };
}

/** The first prime at or above a drawn number with its two top bits set. */
function primeOf(random: Random): bigint {
  const bytes = random.bytes(PRIME_BYTES);
  bytes[0] = (bytes[0] ?? 0) | 0xc0;
  bytes[PRIME_BYTES - 1] = (bytes[PRIME_BYTES - 1] ?? 0) | 1;
  let candidate = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  while ((candidate - 1n) % EXPONENT === 0n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** The number that makes `value` 1 again, modulo `modulus` (extended Euclid). */
function inverse(value: bigint, modulus: bigint): bigint {
  let [former, present] = [modulus, ((value % modulus) + modulus) % modulus];
  let [formerFactor, factor] = [0n, 1n];
  while (present > 1n) {
    const quotient = former / present;
    [former, present] = [present, former - quotient * present];
    [formerFactor, factor] = [factor, formerFactor - quotient * factor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function text(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
}
