import { useEffect, useRef } from "react";
import { type Detail, type EventName, type MountOptions, type Mounted, mount } from "toss-checkout";

interface Props extends MountOptions {
  onEvent: (name: EventName, detail: Detail) => void;
}

/** The checkout as a React component. */
export function Checkout({ onEvent, ...options }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted | undefined>(undefined);

  useEffect(() => {
    if (!place.current) return;
    mounted.current = mount(place.current);
    return () => mounted.current?.unmount();
  }, []);

  // Runs after every render; what has not changed changes nothing.
  useEffect(() => mounted.current?.update({ ...options, onEvent }));

  return <div ref={place} />;
}
