import type { MakeBench, Provider } from './bench.ts';
import { careerPageBench } from './careerPageBench.ts';
import { manatalBench } from './manatalBench.ts';
import { wixBench } from './wixBench.ts';

/** Which simulator stands in for which provider. A connector without a line here does not compile. */
export const benches: { [Of in Provider]: MakeBench<Of> } = {
  manatal: manatalBench,
  manatalCareerPage: careerPageBench,
  wix: wixBench,
};
