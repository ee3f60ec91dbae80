import { useState } from 'react';
import { useTranslations } from 'use-intl';

interface CopyButtonProps {
  readonly label: string;
  readonly text: () => string;
}

/** Copies a text, and says so; browsers allow that over HTTPS alone. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const t = useTranslations('page');
  const [copied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  return (
    <button
      type="button"
      className="min-h-10 rounded-lg border border-line px-3 font-medium hover:bg-raised"
      onClick={() => {
        void navigator.clipboard.writeText(text()).then(() => setCopied(true));
      }}
    >
      {copied ? t('copied') : label}
    </button>
  );
}
