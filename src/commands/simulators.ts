import type { Config } from '#src/config.ts';

/** The simulators may have taken other ports than those in the settings. */
export function withSandbox(
  config: Config,
  addresses: { manatalUrl: string; manahookUrl: string } | null,
): Config {
  if (!config.sandbox.manatalSimulator || !addresses) return config;
  return { ...config, manatalUrl: addresses.manatalUrl, manahookUrl: addresses.manahookUrl };
}
