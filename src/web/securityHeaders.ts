import { NONCE, secureHeaders } from 'hono/secure-headers';
import type { Config } from '#src/config.ts';

/**
 * What browsers are told never to do with our pages.
 *
 * In development there is no Content-Security-Policy: Vite puts scripts and styles into pages.
 */
export function securityHeaders(config: Pick<Config, 'publicUrl' | 'development'>) {
  return secureHeaders({
    // Hono's own default, no-referrer, makes browsers post `Origin: null`, which React Router
    // refuses as forged.
    referrerPolicy: 'strict-origin-when-cross-origin',
    // Promising TLS where there is none would lock people out of a local installation.
    strictTransportSecurity: config.publicUrl?.startsWith('https:') ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [] },
    ...(config.development ? {} : { contentSecurityPolicy }),
  });
}

const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", NONCE],
  styleSrc: ["'self'", NONCE],
  // Positions of menus and bars of charts are style attributes.
  styleSrcAttr: ["'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
};
