import { z } from 'zod';
import { isBareId } from './bare-id.ts';
import { keyOf, nearestKey, type Violation } from './problems.ts';

type Path = Violation['path'];
type Ids = readonly (string | undefined)[];

const text = z.string().optional().catch(undefined);
const ids = z.array(text).catch([]).prefault([]);
const rule = z.object({ id: text, sites: ids, boxes: ids, devices: ids });

/** As much of `watch` as the rules look at; what is not of the right kind is as if it were absent. */
export const watchOutline = z
  .array(rule.catch({ id: undefined, sites: [], boxes: [], devices: [] }))
  .catch([])
  .prefault([]);

type WatchOutline = z.output<typeof watchOutline>;

interface SiteOutline {
  readonly id?: string | undefined;
  readonly boxes: readonly { readonly id?: string | undefined }[];
}

/** What must hold between watch rules, and between them and the sites. */
export function watchRules(sites: readonly SiteOutline[], watch: WatchOutline): Violation[] {
  const siteIds = sites.flatMap(({ id }) => id ?? []);
  const boxIds = sites.flatMap(({ boxes }) => boxes.flatMap(({ id }) => id ?? []));
  return [
    ...repeatedRules(watch.map(({ id }) => id)),
    ...watch.flatMap((rule, index) => {
      const at = (key: string): Path => ['watch', index, key];
      return [
        ...unknownIds('site', siteIds, rule.sites, at('sites')),
        ...unknownIds('box', boxIds, rule.boxes, at('boxes')),
        ...unknownIds('box', boxIds, rule.devices.map(boxOf), at('devices')),
      ];
    }),
  ];
}

/** Of a device that is named in full; a box may call its devices as it likes. */
const boxOf = (deviceId: string | undefined): string | undefined =>
  deviceId === undefined || isBareId(deviceId) ? undefined : deviceId.replace(/\/.*$/s, '');

const MOST_LISTED = 20;

function unknownIds(what: 'site' | 'box', known: readonly string[], given: Ids, path: Path) {
  return given.flatMap((id, index): Violation[] => {
    if (id === undefined || known.includes(id)) return [];
    const nearest = nearestKey(id, known);
    const advice = nearest === undefined ? '' : ` did you mean ${nearest}?`;
    const listed = known.slice(0, MOST_LISTED).join(', ') || 'none yet';
    const more = known.length > MOST_LISTED ? ` and ${known.length - MOST_LISTED} more` : '';
    const message = `no ${what} has the id ${JSON.stringify(id)}, so the rule would watch nothing there;${advice} There are: ${listed}${more}`;
    return [{ path: [...path, index], message }];
  });
}

const repeatedRules = (rules: Ids): Violation[] =>
  rules.flatMap((id, index) => {
    const first = rules.indexOf(id);
    if (id === undefined || first === index) return [];
    const owner = keyOf(['watch', first, 'id']);
    const message = `found ${JSON.stringify(id)}, but ${owner} is the same; each rule needs an id of its own: change one of them`;
    return [{ path: ['watch', index, 'id'], message }];
  });
