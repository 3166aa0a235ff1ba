/** A kind of work: what a job of this kind says and pays. */
export interface JobKind {
  title: string;
  contract: string;
  industry: string;
  /** Hourly pay on Guam in USD, from and to. */
  pay: [number, number];
  /** How pay is written; hourly pay is turned into it. */
  per: 'hour' | 'month' | 'year';
  opening: string;
  duties: string[];
  asks: string[];
  /** True, false, or not said. */
  remote?: boolean;
}
