import { useEffect, useState } from 'react';

/**
 * The address to show now: while a picture stands, a new address takes its place only once its
 * picture has loaded, so that nothing flickers. Undefined when there is none to show.
 *
 * @param failed is told of an address that could not be loaded; must not change without need.
 */
export function useLoaded(
  url: string | undefined,
  failed: (url: string) => void,
): { readonly shown: string | undefined; readonly onError: () => void } {
  const [standing, setStanding] = useState(url);
  const [broken, setBroken] = useState<string>();
  const shown = url !== undefined && standing !== broken ? standing : undefined;

  useEffect(() => {
    if (url === standing) return;
    if (shown === undefined || url === undefined) {
      setStanding(url);
      return;
    }
    let isWanted = true;
    const next = new Image();
    next.src = url;
    next.decode().then(
      () => isWanted && setStanding(url),
      () => isWanted && failed(url),
    );
    return () => {
      isWanted = false;
    };
  }, [url, standing, shown, failed]);

  return {
    shown,
    onError: () => {
      if (standing === undefined) return;
      setBroken(standing);
      failed(standing);
    },
  };
}
