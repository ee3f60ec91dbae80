/** The watch rules of the demonstration, as `watch` of the configuration has them. */
export const demoRules = [
  {
    id: 'blacklist',
    title: 'Blacklisted person',
    severity: 'CRITICAL',
    personTypes: ['BLACKLIST'],
  },
  {
    id: 'night',
    title: 'Stranger at night',
    severity: 'HIGH',
    personTypes: ['STRANGER'],
    // By the clocks of each site: at any time it is night at one of the three.
    when: [{ from: '19:00', to: '07:00' }],
    cooldown: '5min',
  },
  {
    id: 'vip',
    title: 'VIP in the lobby',
    severity: 'LOW',
    boxes: ['hq-lobby'],
    personTypes: ['VIP'],
    cooldown: '5min',
  },
] as const;
