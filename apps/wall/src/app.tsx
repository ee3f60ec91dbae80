import { useEffect, useState } from 'react';
import { Header } from './header.tsx';
import { HiddenFields } from './roles/hidden.ts';
import type { Roles } from './state/roles.ts';
import { type GatewaySession, openSession } from './state/session.ts';
import { type View, viewFromSearch, viewToSearch } from './state/view.ts';
import { ImagesContext } from './ui/use-images.ts';
import { useTheme } from './ui/use-theme.ts';
import { Wall } from './wall.tsx';

/** Holds a session for each role: what another role sees is there at once when it is chosen. */
export function App({ roles }: { roles: Roles }) {
  const [view, setView] = useState(() => viewFromSearch(location.search, roles));
  const [sessions, setSessions] = useState<ReadonlyMap<string, GatewaySession>>(new Map());
  // Also of a page without the switch.
  const theme = useTheme();
  const { page, role, filters, isKiosk } = view;
  const change = (changes: Partial<View>) => setView({ ...view, ...changes });

  useEffect(() => {
    const opened = new Map(roles.map((each) => [each.id, openSession(each)]));
    setSessions(opened);
    return () => {
      for (const session of opened.values()) session.close();
    };
  }, [roles]);

  // The history is shown by its view, of one role alone.
  const isFollowed = page !== 'history';
  useEffect(() => {
    if (!isFollowed) return;
    for (const session of sessions.values()) session.show({ filters });
  }, [sessions, filters, isFollowed]);

  useEffect(() => {
    const search = viewToSearch(view, roles);
    history.replaceState(null, '', search ? `?${search}` : location.pathname);
  }, [view, roles]);

  const session = sessions.get(role.id);
  return (
    session && (
      <div className="flex h-dvh flex-col">
        {!isKiosk && (
          <Header
            session={session}
            roles={roles}
            role={role}
            // Another role knows an event by another id.
            onRole={(next) => change({ role: next, eventId: undefined })}
            page={page}
            theme={theme}
            onPage={(next) => change({ page: next, day: undefined, until: undefined })}
          />
        )}
        <ImagesContext value={session.images}>
          <HiddenFields value={role.hidden}>
            <Wall
              // Nothing of what one role was shown stays for another.
              key={role.id}
              session={session}
              view={view}
              onChange={change}
            />
          </HiddenFields>
        </ImagesContext>
      </div>
    )
  );
}
