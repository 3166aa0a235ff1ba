const PROVIDERS: Record<string, string> = {
  manatal: 'Manatal',
  manatalCareerPage: 'Manatal career page',
  wix: 'Wix',
};

/** How people read the name of a provider. A name we do not know is shown as it is. [M7] */
export const providerWords = (provider: string) => PROVIDERS[provider] ?? provider;
