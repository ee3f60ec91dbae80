import { useState } from 'react';
import { useTranslations } from 'use-intl';

/** The address of the page leads to what is chosen; browsers let it be copied over HTTPS alone. */
export function CopyLink() {
  const t = useTranslations('detail');
  const [copied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  return (
    <button
      type="button"
      className="min-h-9 rounded-lg border border-line px-3 font-medium hover:bg-raised"
      onClick={() => {
        void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
      }}
    >
      {t(copied ? 'copied' : 'copyLink')}
    </button>
  );
}
