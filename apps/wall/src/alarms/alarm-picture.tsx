import type { Alarm } from '@se5/client';
import { useHidden } from '../roles/hidden.ts';
import { Portrait } from '../ui/portrait.tsx';
import { useImages } from '../ui/use-images.ts';

interface AlarmPictureProps {
  readonly event: NonNullable<Alarm['lastEvent']>;
  readonly className: string;
}

/** The face of the alarm's last event. */
export function AlarmPicture({ event, className }: AlarmPictureProps) {
  const images = useImages(event);
  return (
    <Portrait
      onFailed={images.failed}
      url={images.faceImage?.url}
      label="Face at the device"
      missing="no picture"
      hidden={useHidden('face')}
      className={className}
    />
  );
}
