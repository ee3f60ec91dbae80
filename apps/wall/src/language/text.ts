import type { useTranslations } from 'use-intl';
import './messages.ts';

/** Says a message in the language of the page. */
export type Text = ReturnType<typeof useTranslations<never>>;
