import { useEffect, useRef } from "react";
import { type Detail, type EventName, type Mounted, type Options, mount } from "toss-checkout";

interface Props extends Options {
  onEvent: (name: EventName, detail: Detail) => void;
}

/** The checkout as a React component. */
export function Checkout({ onEvent, ...options }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted>(null);

  useEffect(() => {
    if (!place.current) return;
    mounted.current = mount(place.current);
    return () => mounted.current?.unmount();
  }, []);

  // Runs after every render; what has not changed changes nothing.
  useEffect(() => mounted.current?.update({ ...options, onEvent }));

  return <div ref={place} />;
}
