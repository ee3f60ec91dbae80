import { type FieldNode, valueFromASTUntyped } from 'graphql';
import { isBareId } from '../config/bare-id.ts';
import type { SiteId } from '../config/ids.ts';
import { PERSON_TYPES } from '../config/person-types.ts';
import type { BoxEntry, Directory } from '../fleet/directory.ts';
import { DEFAULT_ALARM_PAGE, MAX_ALARM_PAGE } from './alarm-page.ts';
import { MAX_BUCKETS } from './event-counts.ts';
import { MAX_CURSORS } from './events-at.ts';
import { MAX_NODES } from './node-of.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './pagination.ts';
import { DEFAULT_PEOPLE_PAGE, MAX_PEOPLE_PAGE } from './people.ts';
import { EVENT_SEARCH, type OperationPrice, type Price, type PriceStep } from './price.ts';

export type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * How many fields the answer to a document may hold, by what the directory lists now. One
 * operation is executed; of several, the one that costs most counts. What history and events
 * refer to counts as the site or box that costs most.
 */
export function costOf(
  operations: readonly OperationPrice[],
  directory: Directory,
  variables: Variables,
): number {
  const costs = operations.map(({ price, defaults }) =>
    new Counting(directory, { ...defaults, ...variables }).of(price, NOWHERE),
  );
  return Math.max(0, ...costs);
}

/** What an object belongs to. All devices of a box cost the same, so they are where their box is. */
interface Place {
  readonly siteId?: SiteId;
  readonly box?: BoxEntry;
}

const NOWHERE: Place = {};

const placeOf = (box: BoxEntry): Place => ({ siteId: box.siteId, box });

class Counting {
  readonly #directory: Directory;
  readonly #variables: Readonly<Record<string, unknown>>;
  /** By what the object is: `""`, a site's id, or a box's with a slash, which no id holds. */
  readonly #known = new Map<Price, Map<string, number>>();
  #boxesBySite: ReadonlyMap<SiteId, readonly BoxEntry[]> | undefined;

  constructor(directory: Directory, variables: Readonly<Record<string, unknown>>) {
    this.#directory = directory;
    this.#variables = variables;
  }

  of(price: Price, at: Place): number {
    if (price.steps.length === 0) return price.fields;
    const key = at.box ? `/${at.box.id}` : (at.siteId ?? '');
    const known = this.#known.get(price) ?? new Map<string, number>();
    this.#known.set(price, known);
    const cost =
      known.get(key) ??
      price.steps.reduce((total, step) => total + this.#step(step, at), price.fields);
    known.set(key, cost);
    return cost;
  }

  #step({ field, node, below }: PriceStep, at: Place): number {
    const { sites, boxes } = this.#directory;
    const ofBox = (box: BoxEntry) => this.of(below, placeOf(box));
    const ofDevices = (box: BoxEntry) =>
      times(this.#directory.devices(box.id).length, () => ofBox(box));
    const ofSite = (siteId: SiteId) => this.of(below, { siteId });
    switch (field) {
      case 'Query.sites':
      case 'Viewer.sites':
        return sum(sites, ({ id }) => ofSite(id));
      case 'Query.boxes':
        return sum(this.#among(boxes, node), ofBox);
      case 'Query.devices':
        return sum(this.#among(boxes, node), ofDevices);
      case 'Query.box': {
        const box = this.#directory.box(String(this.#argument(node, 'id')));
        return box ? ofBox(box) : 0;
      }
      case 'Query.device': {
        const [device] = this.#directory.findDevices(String(this.#argument(node, 'id')));
        const box = device && this.#directory.box(device.boxId);
        return box ? ofBox(box) : 0;
      }
      case 'Query.node':
        return this.#nodeOf(String(this.#argument(node, 'id')), below);
      case 'Query.nodes':
        return sum(this.#idsOf(node), (id) => this.#nodeOf(id, below));
      case 'Query.recognitionEvent':
        return EVENT_SEARCH + this.of(below, NOWHERE);
      case 'Query.eventCounts':
        return EVENT_SEARCH + times(this.#countsOf(node), () => this.of(below, NOWHERE));
      case 'Query.person':
        return searchForPeople(below) + this.of(below, NOWHERE);
      case 'Query.people': {
        const count = this.#firstOf(node, DEFAULT_PEOPLE_PAGE, MAX_PEOPLE_PAGE);
        return searchForPeople(below) + times(count, () => this.of(below, NOWHERE));
      }
      case 'Query.alarms': {
        const count = this.#firstOf(node, DEFAULT_ALARM_PAGE, MAX_ALARM_PAGE);
        return times(count, () => this.of(below, NOWHERE));
      }
      case 'Query.recognitionEvents':
      case 'Alarm.events':
      case 'Person.events':
        return times(this.#pageSize(node), () => this.of(below, NOWHERE));
      case 'Query.recognitionEventsAt':
        return times(this.#cursorCount(node), () => this.of(below, NOWHERE));
      case 'Site.boxes':
        return sum(this.#boxesOf(at), ofBox);
      case 'Site.devices':
        return sum(this.#boxesOf(at), ofDevices);
      case 'Box.devices':
        return at.box ? ofDevices(at.box) : 0;
      case 'Box.site':
      case 'Device.site':
        return at.siteId === undefined ? 0 : ofSite(at.siteId);
      case 'RecognitionEvent.site':
      case 'Alarm.site':
        return most(sites, ({ id }) => ofSite(id));
      case 'RecognitionEvent.box':
      case 'RecognitionEvent.device':
      case 'Alarm.box':
      case 'Alarm.device':
      case 'EventCount.device':
      case 'Subscription.boxStatus':
        return most(boxes, ofBox);
      case undefined:
      default:
        return this.of(below, at);
    }
  }

  /** An object by its id. */
  #nodeOf(id: string, below: Price): number {
    const [device] = isBareId(id) ? [] : this.#directory.findDevices(id);
    const box = this.#directory.box(device?.boxId ?? id);
    if (box) return this.of(below, placeOf(box));
    const site = this.#directory.site(id);
    return site ? this.of(below, { siteId: site.id }) : EVENT_SEARCH + this.of(below, NOWHERE);
  }

  /** Of `nodes`: more than there may be are an error of the field. */
  #idsOf(node: FieldNode | undefined): readonly string[] {
    const ids = this.#argument(node, 'ids');
    return (Array.isArray(ids) ? ids : [ids]).slice(0, MAX_NODES).map(String);
  }

  /** The boxes that arguments name by `siteIds` and `boxIds`. */
  #among(boxes: readonly BoxEntry[], node: FieldNode | undefined): readonly BoxEntry[] {
    const isSite = oneOf(this.#argument(node, 'siteIds'));
    const isBox = oneOf(this.#argument(node, 'boxIds'));
    return boxes.filter(({ id, siteId }) => isSite(siteId) && isBox(id));
  }

  #boxesOf({ siteId }: Place): readonly BoxEntry[] {
    this.#boxesBySite ??= Map.groupBy(this.#directory.boxes, (box) => box.siteId);
    return (siteId !== undefined && this.#boxesBySite.get(siteId)) || [];
  }

  #pageSize(node: FieldNode | undefined): number {
    const sizes = ['first', 'last']
      .map((name) => this.#argument(node, name))
      .filter((size) => size !== undefined && size !== null);
    if (sizes.length === 0) return DEFAULT_PAGE_SIZE;
    // One that is out of range is an error of its field, if the field is executed at all.
    return Math.max(
      ...sizes.map((size) => Math.max(0, Math.min(Number(size), MAX_PAGE_SIZE) || 0)),
    );
  }

  /** The size of a page that `first` alone tells. */
  #firstOf(node: FieldNode | undefined, usual: number, most: number): number {
    const first = Number(this.#argument(node, 'first') ?? usual);
    // One that is out of range is an error of its field, if the field is executed at all.
    return Math.max(0, Math.min(first, most) || 0);
  }

  /** How many counts a list has at most: of hours and days `MAX_BUCKETS`, whatever the range is. */
  #countsOf(node: FieldNode | undefined): number {
    switch (this.#argument(node, 'by')) {
      case 'PERSON_TYPE':
        return PERSON_TYPES.length;
      case 'DEVICE':
        return sum(this.#directory.boxes, ({ id }) => this.#directory.devices(id).length);
      default:
        return MAX_BUCKETS;
    }
  }

  /** More than there may be are an error of the field, which then has no items. */
  #cursorCount(node: FieldNode | undefined): number {
    const cursors = this.#argument(node, 'cursors');
    return Array.isArray(cursors) ? Math.min(cursors.length, MAX_CURSORS) : 1;
  }

  #argument(node: FieldNode | undefined, name: string): unknown {
    const argument = node?.arguments?.find((given) => given.name.value === name);
    return argument && valueFromASTUntyped(argument.value, this.#variables);
  }
}

/** A search that finds persons, and one that counts the events of all of them. */
const searchForPeople = ({ countsPeople }: Price): number =>
  countsPeople ? 2 * EVENT_SEARCH : EVENT_SEARCH;

/** Whatever else it is: an error of its field, which then has no items. */
function oneOf(ids: unknown): (id: string) => boolean {
  if (ids === undefined || ids === null) return () => true;
  const among = new Set((Array.isArray(ids) ? ids : [ids]).map(String));
  return (id) => among.has(id);
}

/** Not even nothing is 0 times Infinity, which a cost may be. */
const times = (count: number, cost: () => number): number => (count === 0 ? 0 : count * cost());

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const most = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((largest, item) => Math.max(largest, of(item)), 0);
