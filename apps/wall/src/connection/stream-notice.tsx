import type { Box, ClientState } from '@se5/client';
import { Notice } from './notice.tsx';
import { TokenForm } from './token-form.tsx';

interface StreamNoticeProps {
  readonly state: ClientState;
  readonly gateway: string;
  /** The gateway is the one that serves the page. */
  readonly isOwn: boolean;
  /** Undefined until the gateway has told. */
  readonly boxes: readonly Box[] | undefined;
  /** Whether something may come; otherwise the stream is of the past. */
  readonly awaited: boolean;
  readonly filtering: boolean;
}

/** Why there is nothing in the stream, the most urgent reason first. */
export function StreamNotice(props: StreamNoticeProps) {
  const { state, gateway, isOwn, boxes, awaited, filtering } = props;
  if (state.name === 'failed' && state.error.code === 'UNAUTHENTICATED') {
    return (
      <Notice icon="ban" title="This gateway wants a token">
        <TokenForm gateway={gateway} />
      </Notice>
    );
  }
  if (state.name === 'failed') {
    return (
      <Notice icon="broken" title="The gateway refused the connection">
        <p>{state.error.message}</p>
        <p>Correct this in the gateway's configuration, then reload this page.</p>
      </Notice>
    );
  }
  if (state.name === 'waiting') {
    return (
      <Notice icon="broken" title="The gateway can't be reached">
        <p>
          {isOwn
            ? 'Is it running? This page tries again by itself and goes on where it was, so there is no need to reload.'
            : 'This role has a gateway of its own, on another port of this machine. If the demonstration was started again, reload this page.'}
        </p>
      </Notice>
    );
  }
  if (boxes?.length === 0) {
    return (
      <Notice icon="dash" title="No box is configured">
        <p>
          Add one under <code>sites:</code> in the gateway's configuration file and start the
          gateway again.
        </p>
      </Notice>
    );
  }
  if (!awaited) {
    return (
      <Notice icon="history" title="Nothing was seen until then">
        <p>
          Neither on this day nor before{filtering ? ', as far as the filters let through' : ''}:
          the gateway keeps nothing that old, or nobody passed.
        </p>
      </Notice>
    );
  }
  if (filtering) {
    return (
      <Notice icon="filter" title="Nothing here matches the filters">
        <p>New recognitions that match appear here. “Show all” takes the filters off.</p>
      </Notice>
    );
  }
  return (
    <Notice icon="clock" title="Waiting for the first recognition">
      <p>
        It appears here as soon as somebody passes a device. If that takes too long, the states of
        the boxes above say which of them is not heard.
      </p>
    </Notice>
  );
}
