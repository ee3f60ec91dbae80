import { SoundSwitch } from './alarms/sound-switch.tsx';
import type { AlarmSound } from './alarms/use-alarm-signals.ts';
import { FilterBar } from './filters/filter-bar.tsx';
import { PauseButton } from './filters/pause-button.tsx';
import type { GatewaySession } from './state/session.ts';
import { useStore } from './state/store.ts';
import type { View } from './state/view.ts';
import { DensityToggle } from './stream/density-toggle.tsx';
import type { FeedHolds } from './stream/use-held-feed.ts';
import type { ChosenZone } from './time/use-zone-choice.ts';
import { ZoneMenu } from './time/zone-menu.tsx';

interface ToolbarProps {
  readonly session: GatewaySession;
  readonly view: View;
  readonly onChange: (changes: Partial<View>) => void;
  readonly zone: ChosenZone;
  readonly dense: boolean;
  readonly onDense: (dense: boolean) => void;
  readonly holds: FeedHolds;
  readonly sound: AlarmSound;
}

/** What is shown, and how. */
export function Toolbar(props: ToolbarProps) {
  const { session, view, onChange, zone, dense, onDense, holds, sound } = props;
  const { sites, devices } = useStore(session.inventory);
  const { waiting } = useStore(session.feed);
  const isStream = view.page === 'live' || view.page === 'history';
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 pt-3 sm:px-4">
      {isStream && (
        <FilterBar
          filters={view.filters}
          sites={sites}
          devices={devices}
          onChange={(filters) => onChange({ filters })}
        />
      )}
      {view.page === 'alarms' && <SoundSwitch sound={sound} />}
      <span className="ms-auto" />
      <ZoneMenu zone={zone.chosen} choices={zone.choices} onChoose={zone.choose} />
      {isStream && <DensityToggle dense={dense} onChange={onDense} />}
      {view.page === 'live' && (
        <PauseButton
          paused={holds.paused}
          waiting={waiting.length}
          onToggle={() => holds.setPaused(!holds.paused)}
        />
      )}
    </div>
  );
}
