import { createTranslator } from 'use-intl';
import { messages } from '../../src/language/messages/en.ts';
import { timesIn } from '../../src/time/times.ts';

/** What the page says in English. */
export const english = createTranslator({ locale: 'en', messages });

/** Times as the page says them in Britain. */
export const times = timesIn('en-GB', 'UTC');
