import type { Box, ClientState } from '@se5/client';
import { useTranslations } from 'use-intl';
import { asCode } from '../ui/as-code.tsx';
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
  const t = useTranslations();
  if (state.name === 'failed' && state.error.code === 'UNAUTHENTICATED') {
    return (
      <Notice icon="ban" title={t('signIn.title')}>
        <TokenForm gateway={gateway} />
      </Notice>
    );
  }
  if (state.name === 'failed') {
    return (
      <Notice icon="broken" title={t('notice.refused')}>
        <p dir="auto">{state.error.message}</p>
        <p>{t('notice.refusedHint')}</p>
      </Notice>
    );
  }
  if (state.name === 'waiting') {
    return (
      <Notice icon="broken" title={t('notice.unreachable')}>
        <p>{t(isOwn ? 'notice.unreachableHint' : 'notice.otherUnreachableHint')}</p>
      </Notice>
    );
  }
  if (boxes?.length === 0) {
    return (
      <Notice icon="dash" title={t('notice.noBox')}>
        <p>{t.rich('notice.noBoxHint', { code: asCode })}</p>
      </Notice>
    );
  }
  if (!awaited) {
    return (
      <Notice icon="history" title={t('notice.nothingThen')}>
        <p>{t(filtering ? 'notice.nothingThenFiltered' : 'notice.nothingThenHint')}</p>
      </Notice>
    );
  }
  if (filtering) {
    return (
      <Notice icon="filter" title={t('notice.noMatch')}>
        <p>{t('notice.noMatchHint')}</p>
      </Notice>
    );
  }
  return (
    <Notice icon="clock" title={t('notice.waiting')}>
      <p>{t('notice.waitingHint')}</p>
    </Notice>
  );
}
