import type { Device, Site } from '@se5/client';
import { type Filters, isFiltering, noFilters } from '../state/filters.ts';
import { personTypes, personTypeWord } from '../ui/person-types.ts';
import { FilterMenu } from './filter-menu.tsx';

interface FilterBarProps {
  readonly filters: Filters;
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
  readonly onChange: (filters: Filters) => void;
}

const typeOptions = personTypes.map((value) => ({ value, label: personTypeWord[value] }));

export function FilterBar({ filters, sites, devices, onChange }: FilterBarProps) {
  const offered = devices.filter(
    ({ site }) => filters.siteIds.length === 0 || filters.siteIds.includes(site.id),
  );
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">Show only</legend>
      <FilterMenu
        label="Sites"
        options={sites.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={filters.siteIds}
        onChange={(siteIds) => onChange({ ...filters, siteIds })}
      />
      <FilterMenu
        label="Devices"
        options={offered.map(({ id, deviceId, name, site }) => ({
          value: id,
          label: name ?? deviceId,
          hint: site.name,
        }))}
        chosen={filters.deviceIds}
        onChange={(deviceIds) => onChange({ ...filters, deviceIds })}
      />
      <FilterMenu
        label="Types"
        options={typeOptions}
        chosen={filters.personTypes}
        onChange={(chosen) => onChange({ ...filters, personTypes: chosen })}
      />
      {filters.identityIds.length > 0 && (
        <span className="inline-flex min-h-10 items-center rounded-lg border border-accent px-3 font-medium text-accent">
          Person {filters.identityIds.join(', ')}
        </span>
      )}
      {isFiltering(filters) && (
        <button
          type="button"
          className="min-h-10 rounded-lg px-3 font-medium text-accent hover:bg-raised"
          onClick={() => onChange(noFilters)}
        >
          Show all
        </button>
      )}
    </fieldset>
  );
}
