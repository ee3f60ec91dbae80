import { maxRows, type Older } from '../state/feed.ts';

/** Below the oldest line: whether that is all. */
export function StreamEnd({ older, onAgain }: { older: Older; onAgain: () => void }) {
  switch (older) {
    case 'more':
    case 'loading':
      return <p className="py-4 text-center text-muted">Reading older recognitions …</p>;
    case 'failed':
      return (
        <p className="py-2 text-center text-muted">
          Older recognitions could not be read.{' '}
          <button
            type="button"
            className="min-h-10 rounded-lg px-3 font-medium text-accent hover:bg-raised"
            onClick={onAgain}
          >
            Try again
          </button>
        </p>
      );
    case 'bound':
      return (
        <p className="py-4 text-center text-muted">
          The wall goes back {maxRows.toLocaleString('en')} recognitions. Filters lead further.
        </p>
      );
    case 'none':
      return <p className="py-4 text-center text-muted">The gateway keeps nothing older.</p>;
    case 'unknown':
      return null;
  }
}
