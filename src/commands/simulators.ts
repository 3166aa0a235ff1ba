import type { Config } from '#src/config.ts';
import type { SandboxAddresses } from '#src/sandbox/addresses.ts';

/** The simulators may have taken other ports than those in the settings. */
export function withSandbox(
  config: Config,
  addresses: Omit<SandboxAddresses, 'inspectorUrl'> | null,
): Config {
  if (!config.sandbox.manatalSimulator || !addresses) return config;
  const { manatalUrl, manahookUrl, wix } = addresses;
  const wixUrl = config.sandbox.wixSimulator && wix ? wix.url : config.wixUrl;
  return { ...config, manatalUrl, manahookUrl, wixUrl };
}
