// The link's token stands behind `#` in the address, which no server sees. It is kept for the tab, so that a
// refresh and the way back from the checkout find it, and taken from the address, which people copy.
const NAME = "toss-subscription.link";

export const link = () => {
  const given = new URLSearchParams(location.hash.slice(1)).get("link");
  try {
    if (!given) return sessionStorage.getItem(NAME) ?? undefined;
    sessionStorage.setItem(NAME, given);
    history.replaceState(history.state, "", location.pathname + location.search);
  } catch {
    // Without a storage the address keeps it.
  }
  return given ?? undefined;
};
