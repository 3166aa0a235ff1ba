import { useEffect, useState } from 'react';
import { useNavigation, useRevalidator } from 'react-router';

const QUIET_MILLISECONDS = 300;

/**
 * Keeps a hydrated page fresh: loads its data again when one of `topics` speaks, at most about three
 * times a second. Returns what to tell the reader; without a script the page is simply still.
 *
 * hold  true while the page shows the answer to a form: loading again would wipe it off.
 */
export function useLive(
  topics: readonly string[],
  { hold = false } = {},
): 'waiting' | 'live' | 'lost' {
  const [state, setState] = useState<'waiting' | 'live' | 'lost'>('waiting');
  const [isDue, setDue] = useState(false);
  const query = topics.join(',');
  useEffect(() => {
    const source = new EventSource(`/api/live?topics=${encodeURIComponent(query)}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setDue(true);
      }, QUIET_MILLISECONDS);
    };
    source.onopen = () => {
      setState('live');
      // What changed while nobody listened: since the page was drawn, or while the line was down.
      refresh();
    };
    source.onerror = () => setState('lost');
    for (const topic of query.split(',')) source.addEventListener(topic, refresh);
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [query]);
  useLoadAgain({ isDue, hold, settle: () => setDue(false) });
  return state;
}

/** Loads the page's data again when it is due, but never under a form that is being sent. */
function useLoadAgain({
  isDue,
  hold,
  settle,
}: {
  isDue: boolean;
  hold: boolean;
  settle: () => void;
}) {
  const { revalidate } = useRevalidator();
  const navigation = useNavigation();
  // Loading again in the middle of a navigation aborts it, and with it the form that was sent.
  const isBusy = hold || navigation.state !== 'idle';
  useEffect(() => {
    if (!isDue || isBusy) return;
    settle();
    void revalidate();
  });
}
