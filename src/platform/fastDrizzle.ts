// Node 24's module loader re-reads drizzle-orm's package.json (179 kB of exports) for each of its
// ~100 modules: +160 MB of memory and +0.7 s at start. Loaded with `node --import`, this answers
// the relative imports inside drizzle-orm itself, so that the loader never asks.
// Mended upstream (drizzle-orm#5934) for the 1.0 line only.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL;
    if (
      specifier.startsWith('.') &&
      from?.includes('/node_modules/drizzle-orm/') &&
      from.endsWith('.js')
    ) {
      return { url: new URL(specifier, from).href, format: 'module', shortCircuit: true };
    }
    return next(specifier, context);
  },
});
