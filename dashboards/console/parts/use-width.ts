import { type RefObject, useEffect, useRef, useState } from 'react';

/** An element's width in CSS pixels, as it changes; 0 before it is there. */
export function useWidth<Host extends HTMLElement>(): readonly [RefObject<Host | null>, number] {
  const host = useRef<Host>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    setWidth(element.clientWidth);
    return () => resized.disconnect();
  }, []);
  return [host, width];
}
