import { useState } from 'react';
import { useLocation } from 'react-router';

/**
 * What a form answered, kept while the page stays. A live refresh makes React Router forget it, often
 * within a second, before anybody has read it; the next form or page does away with it.
 */
export function useKeptAnswer<Answer>(answer: Answer | undefined): Answer | undefined {
  const { key } = useLocation();
  const [kept, setKept] = useState({ key, answer });
  const isNew = answer !== undefined && answer !== kept.answer;
  // The answer comes a moment before the new key does.
  const hasMoved = key !== kept.key;
  if (!isNew && !hasMoved) return kept.answer;
  setKept({ key, answer });
  return answer;
}
