import { useEffect, useState } from 'react';
import { storedToken, storeToken } from './connection/token.ts';
import { type GatewaySession, openSession } from './state/session.ts';
import { ImagesContext } from './ui/use-images.ts';
import { Wall } from './wall.tsx';

/** Holds the session with the gateway, which a new token replaces. */
export function App() {
  const [token, setToken] = useState(storedToken);
  const [session, setSession] = useState<GatewaySession>();

  useEffect(() => {
    const opened = openSession(token);
    setSession(opened);
    return () => opened.close();
  }, [token]);

  return (
    session && (
      <ImagesContext value={session.images}>
        <Wall
          session={session}
          hasToken={token !== undefined}
          onToken={(next) => {
            storeToken(next);
            setToken(next);
          }}
        />
      </ImagesContext>
    )
  );
}
