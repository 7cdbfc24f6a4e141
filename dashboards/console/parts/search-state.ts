import { useSearchParams } from 'wouter';

/** One parameter of the URL's query as state. A change replaces the entry of the history: Back leaves the page. */
export function useSearchState(name: string): readonly [string | undefined, (value: string | undefined) => void] {
  const [parameters, setParameters] = useSearchParams();
  const set = (value: string | undefined): void => {
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === undefined) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  return [parameters.get(name) ?? undefined, set];
}
