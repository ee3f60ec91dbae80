import type { Device, Site } from '@se5/client';
import { useFormatter, useTranslations } from 'use-intl';
import { type Filters, isFiltering, noFilters } from '../state/filters.ts';
import { personTypes } from '../ui/person-types.ts';
import { FilterMenu } from './filter-menu.tsx';

interface FilterBarProps {
  readonly filters: Filters;
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
  readonly onChange: (filters: Filters) => void;
}

export function FilterBar({ filters, sites, devices, onChange }: FilterBarProps) {
  const t = useTranslations();
  const format = useFormatter();
  const offered = devices.filter(
    ({ site }) => filters.siteIds.length === 0 || filters.siteIds.includes(site.id),
  );
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t('filters.showOnly')}</legend>
      <FilterMenu
        label={t('filters.sites')}
        options={sites.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={filters.siteIds}
        onChange={(siteIds) => onChange({ ...filters, siteIds })}
      />
      <FilterMenu
        label={t('filters.devices')}
        options={offered.map(({ id, deviceId, name, site }) => ({
          value: id,
          label: t('page.place', { device: name ?? deviceId, site: site.name }),
        }))}
        chosen={filters.deviceIds}
        onChange={(deviceIds) => onChange({ ...filters, deviceIds })}
      />
      <FilterMenu
        label={t('filters.types')}
        options={personTypes.map((value) => ({ value, label: t(`types.${value}`) }))}
        chosen={filters.personTypes}
        onChange={(chosen) => onChange({ ...filters, personTypes: chosen })}
      />
      {filters.identityIds.length > 0 && (
        <span className="inline-flex min-h-10 items-center rounded-lg border border-accent px-3 font-medium text-accent">
          {t('filters.person', { ids: format.list(filters.identityIds, { type: 'unit' }) })}
        </span>
      )}
      {isFiltering(filters) && (
        <button
          type="button"
          className="min-h-10 rounded-lg px-3 font-medium text-accent hover:bg-raised"
          onClick={() => onChange(noFilters)}
        >
          {t('filters.showAll')}
        </button>
      )}
    </fieldset>
  );
}
