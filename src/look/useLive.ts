import { useEffect, useState } from 'react';
import { useRevalidator } from 'react-router';

const QUIET_MILLISECONDS = 300;

/**
 * Keeps a hydrated page fresh: loads its data again when one of `topics` speaks, at most about three
 * times a second. Returns what to tell the reader; without a script the page is simply still.
 */
export function useLive(topics: readonly string[]): 'waiting' | 'live' | 'lost' {
  const [state, setState] = useState<'waiting' | 'live' | 'lost'>('waiting');
  const { revalidate } = useRevalidator();
  const query = topics.join(',');
  useEffect(() => {
    const source = new EventSource(`/api/live?topics=${encodeURIComponent(query)}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void revalidate();
      }, QUIET_MILLISECONDS);
    };
    source.onopen = () => {
      setState('live');
      // What changed while nobody listened: since the page was drawn, or while the line was down.
      refresh();
    };
    source.onerror = () => setState('lost');
    source.onmessage = refresh;
    for (const topic of query.split(',')) source.addEventListener(topic, refresh);
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [query, revalidate]);
  return state;
}
