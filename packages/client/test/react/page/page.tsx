import { Activity, Component, type ReactNode, StrictMode, useEffect, useState } from 'react';
import { type Container, createRoot } from 'react-dom/client';
import type { Client } from '../../../src/index.ts';
import {
  GatewayProvider,
  useAlarms,
  useBoxes,
  useClient,
  useConnection,
  useHistory,
  useRecognitionEvents,
} from '../../../src/react/index.ts';

/** The client that the provider made last, for the test to read. */
export const session: { client?: Client } = {};

/** How often the list of live events was rendered, for the test to read. */
export const commits = { count: 0 };

function Live() {
  // Literals: another object at each rendering.
  const { events, gaps, isLive, clear } = useRecognitionEvents({
    withImages: true,
    filter: { personTypes: ['VISITOR'] },
    limit: 3,
  });
  useEffect(() => {
    commits.count += 1;
  });
  return (
    <>
      <output>{isLive ? 'live' : 'not live'}</output>
      <output>{gaps.length} gaps</output>
      <Names of={events} />
      <button type="button" onClick={clear}>
        Clear
      </button>
    </>
  );
}

function Boxes() {
  const { boxes } = useBoxes();
  return boxes.map(({ id, name, link }) => (
    <p key={id}>
      {name} is {link.state}
    </p>
  ));
}

function History() {
  const { events, hasMore, isLoading, loadMore, reload } = useHistory({ pageSize: 2, limit: 5 });
  return (
    <>
      <Names of={events} />
      <output>{isLoading ? 'loading' : 'loaded'}</output>
      <button type="button" onClick={reload}>
        Newest
      </button>
      {hasMore && (
        <button type="button" onClick={loadMore}>
          Older
        </button>
      )}
    </>
  );
}

function Alarms() {
  const { alarms, acknowledge, addNote, close } = useAlarms({
    filter: { states: ['OPEN', 'ACKNOWLEDGED'] },
  });
  return (
    <ul>
      {alarms.map(({ id, identityName, state, assignee, notes }) => (
        <li key={id}>
          {[identityName, state, assignee, ...notes.map(({ text }) => text)].join(' ')}
          <button type="button" onClick={() => void acknowledge(id, { assignee: 'Desk' })}>
            Acknowledge
          </button>
          <button type="button" onClick={() => void addNote(id, 'Let in')}>
            Note
          </button>
          <button type="button" onClick={() => void close(id)}>
            Close
          </button>
        </li>
      ))}
    </ul>
  );
}

function Broken() {
  const { error } = useRecognitionEvents({ after: 'yesterday' });
  return <output>{error?.errors[0]?.code}</output>;
}

const Thrown = () => (
  <Boundary>
    <Throwing />
  </Boundary>
);

function Throwing() {
  useRecognitionEvents({ after: 'yesterday', throwErrors: true });
  return null;
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly caught: string }> {
  override readonly state = { caught: '' };
  static getDerivedStateFromError = ({ name }: Error) => ({ caught: name });

  override render(): ReactNode {
    return this.state.caught ? <output>caught {this.state.caught}</output> : this.props.children;
  }
}

interface Named {
  readonly id: string;
  readonly identityName: string | null;
}

const Names = ({ of }: { readonly of: readonly Named[] }): ReactNode => (
  <ol>
    {of.map(({ id, identityName }) => (
      <li key={id}>{identityName}</li>
    ))}
  </ol>
);

const panels = { Live, Boxes, History, Alarms, Broken, Thrown, Nothing: () => null };

function App() {
  const [shown, setShown] = useState<keyof typeof panels>('Live');
  const connection = useConnection();
  const client = useClient();
  useEffect(() => {
    session.client = client;
  }, [client]);
  const Panel = panels[shown];
  return (
    <>
      <header>{connection.name}</header>
      <nav>
        {(Object.keys(panels) as (keyof typeof panels)[]).map((name) => (
          <button type="button" key={name} onClick={() => setShown(name)}>
            {name}
          </button>
        ))}
      </nav>
      <main>
        <Panel />
      </main>
    </>
  );
}

function Page() {
  const [mode, setMode] = useState<'visible' | 'hidden'>('visible');
  return (
    <>
      <button type="button" onClick={() => setMode(mode === 'visible' ? 'hidden' : 'visible')}>
        Hide or show
      </button>
      <Activity mode={mode}>
        <GatewayProvider options={options}>
          <App />
        </GatewayProvider>
      </Activity>
    </>
  );
}

const options = { url: '', backoffMs: { min: 10, max: 50 } };

/** @returns takes everything off the page. */
export function mount(container: Container): () => void {
  const root = createRoot(container);
  root.render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
  return () => root.unmount();
}
