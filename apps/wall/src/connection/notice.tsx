import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';

interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
}

/** In the place of the stream: what is the matter, and what to do. */
export function Notice({ icon, title, children }: NoticeProps) {
  return (
    <div className="mx-auto mt-[12dvh] max-w-md px-4 text-center" data-testid="notice">
      <span className="mx-auto mb-4 grid size-14 place-items-center rounded-2xl bg-raised text-muted">
        <Icon name={icon} className="size-7" />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="mt-1 space-y-3 text-muted">{children}</div>
    </div>
  );
}
