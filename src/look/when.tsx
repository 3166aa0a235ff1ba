import { createContext, useContext } from 'react';
import { DEFAULT_ZONE, dateWords, exactWords, relativeWords } from './times.ts';

/** What the reader's now and zone are. The root page provides it; the browser refines it. */
export interface Reading {
  now: Date;
  zone: string;
}

export const ReadingContext = createContext<Reading>({ now: new Date(0), zone: DEFAULT_ZONE });

export const useReading = () => useContext(ReadingContext);

interface WhenProps {
  at: Date | string;
  /** relative: '3 minutes ago'. date: '30 Nov'. exact: with time and zone. */
  as?: 'relative' | 'date' | 'exact';
  /** The zone the time belongs to, when it is not the reader's: a job's closing day. */
  zone?: string;
}

/** A time in words, with the exact time and zone on hover and in print. */
export function When({ at, as = 'relative', zone }: WhenProps) {
  const reading = useReading();
  const time = new Date(at);
  const inZone = zone ?? reading.zone;
  const exact = exactWords(time, inZone);
  const words = {
    relative: () => relativeWords(time, reading.now, inZone),
    date: () => dateWords(time, inZone, reading.now),
    exact: () => exact,
  }[as]();
  return (
    <time dateTime={time.toISOString()} title={as === 'exact' ? undefined : exact}>
      {words}
    </time>
  );
}
