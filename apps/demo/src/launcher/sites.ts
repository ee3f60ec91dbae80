interface DemoSite {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly boxes: readonly {
    readonly id: string;
    readonly name: string;
    /** How many its simulator has. */
    readonly devices: number;
  }[];
}

/** The demonstration's three sites; each box gets a simulator of its own. */
export const demoSites: readonly DemoSite[] = [
  {
    id: 'hq',
    name: 'Headquarters',
    timezone: 'Asia/Shanghai',
    boxes: [
      { id: 'hq-lobby', name: 'Lobby', devices: 3 },
      { id: 'hq-garage', name: 'Garage', devices: 2 },
    ],
  },
  {
    id: 'plant',
    name: 'Plant',
    timezone: 'Europe/Berlin',
    boxes: [
      { id: 'plant-gate', name: 'Plant gate', devices: 3 },
      { id: 'plant-office', name: 'Plant office', devices: 2 },
    ],
  },
  {
    id: 'harbour',
    name: 'Harbour',
    timezone: 'America/Halifax',
    boxes: [{ id: 'harbour-quay', name: 'Quay', devices: 4 }],
  },
];
