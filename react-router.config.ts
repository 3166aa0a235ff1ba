import type { Config } from '@react-router/dev/config';

export default {
  ssr: true,
  appDirectory: 'src',
  buildDirectory: 'build',
  // All routes are known to the browser at once: no discovery calls from a slow link.
  routeDiscovery: { mode: 'initial' },
} satisfies Config;
