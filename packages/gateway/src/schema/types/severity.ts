import type { Severity as SeverityValue } from '../../config/watch.ts';
import { builder } from '../builder.ts';

export const Severity = builder.enumType('Severity', {
  description: 'How urgent an alarm is, as its watch rule says.',
  values: {
    LOW: { description: 'The least urgent.' },
    MEDIUM: { description: 'The default of a rule.' },
    HIGH: { description: 'More urgent than most.' },
    CRITICAL: { description: 'The most urgent.' },
  } satisfies Record<SeverityValue, object>,
});
